//! What a person sees and does in the window, by the marks that the page carries for this: `data-screen`, `data-phase`,
//! `data-block`, `data-state`, `data-do`.

use std::{fmt::Debug, time::Duration};

use fantoccini::{Client, Locator, elements::Element};
use serde_json::{Value, json};

/// Longer than anything in practice takes on a slow machine.
const PATIENCE: Duration = Duration::from_secs(30);
/// After that, the driver itself has failed.
const NO_ANSWER: Duration = Duration::from_secs(90);
const BETWEEN_LOOKS: Duration = Duration::from_millis(40);

pub(crate) struct Window {
    client: Client,
}

impl Window {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Waits for the first screen.
    pub(crate) async fn drawn(&self) {
        self.until("the page is drawn", "return document.querySelector('[data-screen]') !== null").await;
    }

    /// Waits for a screen: "home", "new-setup", "needs", "step", "finish", "blocked".
    pub(crate) async fn screen(&self, name: &str) {
        self.see(&format!("[data-screen='{name}']")).await;
    }

    /// Waits for one of the six steps.
    pub(crate) async fn step(&self, phase: &str) {
        self.see(&format!("[data-screen='step'][data-phase='{phase}']")).await;
    }

    /// Waits until a block is in a state.
    pub(crate) async fn block(&self, block: &str, state: &str) {
        self.see(&format!("{}[data-state='{state}']", of_block(block))).await;
    }

    /// Presses a button of the screen itself.
    pub(crate) async fn press(&self, what: &str) {
        self.click(&format!("[data-do='{what}']")).await;
    }

    /// Presses a button of a block.
    pub(crate) async fn press_in(&self, block: &str, what: &str) {
        self.click(&format!("{} [data-do='{what}']", of_block(block))).await;
    }

    /// Waits until something can be clicked, and clicks it as a person does.
    pub(crate) async fn click(&self, selector: &str) {
        let enabled = "const it = document.querySelector(arguments[0]); \
                       return it !== null && !it.disabled && it.getAttribute('aria-disabled') !== 'true'";
        self.until_with(&format!("{selector} can be pressed"), enabled, vec![json!(selector)]).await;
        // The driver scrolls the window, and not the part of it that has the page.
        let into_view = "document.querySelector(arguments[0]).scrollIntoView({ block: 'center' })";
        self.run(into_view, vec![json!(selector)]).await;
        in_time(&format!("click on {selector}"), self.see(selector).await.click()).await;
    }

    /// Types into an input block.
    pub(crate) async fn write(&self, block: &str, text: &str) {
        let input = self.see(&format!("{} input", of_block(block))).await;
        in_time(&format!("type into {block}"), input.send_keys(text)).await;
    }

    /// Types into whatever has the focus.
    pub(crate) async fn keys(&self, keys: &str) {
        let focused = in_time("find the focus", self.client.active_element()).await;
        in_time("press keys", focused.send_keys(keys)).await;
    }

    /// Waits until something has the focus.
    pub(crate) async fn has_focus(&self, selector: &str) {
        let focused = "return document.activeElement?.matches(arguments[0])";
        self.until_with(&format!("{selector} has the focus"), focused, vec![json!(selector)]).await;
    }

    /// What stands in an input block, if the screen has it.
    pub(crate) async fn value_of(&self, block: &str) -> Option<String> {
        let script = "return document.querySelector(arguments[0])?.value";
        let value = self.run(script, vec![json!(format!("{} input", of_block(block)))]).await;
        value.as_str().map(str::to_owned)
    }

    /// After a change of the screen, a screen reader begins at its heading.
    pub(crate) async fn heading_has_focus(&self) {
        self.until("the heading has the focus", "return document.activeElement?.tagName === 'H1'").await;
    }

    /// Waits until something is there.
    pub(crate) async fn see(&self, selector: &str) -> Element {
        let there = "return document.querySelector(arguments[0]) !== null";
        self.until_with(&format!("{selector} comes"), there, vec![json!(selector)]).await;
        in_time(selector, self.client.find(Locator::Css(selector))).await
    }

    pub(crate) async fn text_of(&self, selector: &str) -> String {
        in_time(&format!("read {selector}"), self.see(selector).await.text()).await
    }

    /// The words of a part of the page, those on its buttons too: the driver takes a button in a part without a box of its
    /// own for hidden.
    pub(crate) async fn words_of(&self, selector: &str) -> String {
        let script = "return document.querySelector(arguments[0])?.innerText || false";
        let words = self.until_with(&format!("{selector} has words"), script, vec![json!(selector)]).await;
        words.as_str().unwrap_or_default().trim().to_owned()
    }

    /// Waits until a part of the page has these words.
    pub(crate) async fn says(&self, selector: &str, words: &str) {
        let script = "return document.querySelector(arguments[0])?.innerText.includes(arguments[1]) ?? false";
        let what = format!("{selector} says \"{words}\"");
        self.until_with(&what, script, vec![json!(selector), json!(words)]).await;
    }

    /// Everything that can be read.
    pub(crate) async fn text(&self) -> String {
        self.run("return document.body.innerText", vec![]).await.as_str().unwrap_or_default().to_owned()
    }

    /// Everything that is in the page, typed values included.
    pub(crate) async fn html(&self) -> String {
        let script =
            "return document.documentElement.outerHTML + [...document.querySelectorAll('input')].map((it) => it.value)";
        self.run(script, vec![]).await.as_str().unwrap_or_default().to_owned()
    }

    /// Runs a script in the page.
    pub(crate) async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        in_time(script, self.client.execute(script, arguments)).await
    }

    /// Runs a script that calls its last argument when it is done.
    pub(crate) async fn run_async(&self, script: &str, arguments: Vec<Value>) -> Value {
        in_time(script, self.client.execute_async(script, arguments)).await
    }

    /// Waits until a script answers with something true.
    pub(crate) async fn until(&self, what: &str, script: &str) -> Value {
        self.until_with(what, script, vec![]).await
    }

    pub(crate) async fn until_with(&self, what: &str, script: &str, arguments: Vec<Value>) -> Value {
        let looks = async {
            loop {
                let answer = self.run(script, arguments.clone()).await;
                if !matches!(answer, Value::Null | Value::Bool(false)) {
                    return answer;
                }
                tokio::time::sleep(BETWEEN_LOOKS).await;
            }
        };
        match tokio::time::timeout(PATIENCE, looks).await {
            Ok(answer) => answer,
            Err(_) => panic!("waited in vain until {what}.\nThe window shows:\n{}", self.text().await),
        }
    }

    pub(crate) async fn resize(&self, width: u32, height: u32) {
        in_time("resize", self.client.set_window_size(width, height)).await;
        self.until_with(
            "the window has its size",
            "return window.innerWidth === arguments[0] && window.innerHeight === arguments[1]",
            vec![json!(width), json!(height)],
        )
        .await;
    }

    /// A PNG of the page.
    pub(crate) async fn picture(&self) -> Vec<u8> {
        in_time("screenshot", self.client.screenshot()).await
    }

    pub(crate) async fn close(&self) {
        in_time("close", self.client.clone().close()).await;
    }
}

/// A driver whose program has ended may never answer.
pub(crate) async fn in_time<T, E: Debug>(what: &str, work: impl Future<Output = Result<T, E>>) -> T {
    match tokio::time::timeout(NO_ANSWER, work).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => panic!("{what}: {error:?}"),
        Err(_) => panic!("{what}: the driver does not answer"),
    }
}

/// The block with this id.
pub(crate) fn of_block(block: &str) -> String {
    format!("[data-block='{block}']")
}
