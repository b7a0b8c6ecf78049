//! All that the page can ask for: eight commands. Ids come in, and the bytes of a file that the admin hands over; views
//! go out, and rows of what is too long for a view. Only `reveal` ever hands out a secret.

use std::path::PathBuf;

use tauri::{
    Runtime, State, Url, WebviewWindow,
    ipc::{Invoke, InvokeBody, Request},
};
use usher_core::{
    Action, App, Code, Problem, View,
    view::{Copied, RowFilter, Rows},
};

use crate::{clipboard::Clipboard, surroundings};

/// More than the page sends at once.
const LARGEST_PIECE: usize = 4 << 20;

/// The eight, for the builder.
pub(crate) fn handler<R: Runtime>() -> impl Fn(Invoke<R>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![view, act, feed, rows, copy, paste, reveal, open_link]
}

/// The screen as it is now.
#[tauri::command]
async fn view(app: State<'_, App>) -> Result<View, Problem> {
    Ok(app.view())
}

/// Does one thing and answers with the screen after it.
#[tauri::command]
async fn act<R: Runtime>(window: WebviewWindow<R>, app: State<'_, App>, action: Action) -> Result<View, Problem> {
    if matches!(action, Action::About) {
        surroundings::tell(&window);
    }
    Ok(app.act(action).await)
}

/// The next piece of a file or a text that is looked at, as raw bytes; an empty one is its end. `false`: no more is wanted.
#[tauri::command]
async fn feed(app: State<'_, App>, request: Request<'_>) -> Result<bool, Problem> {
    let serial = request.headers().get("serial").and_then(|serial| serial.to_str().ok()?.parse().ok());
    let (Some(serial), InvokeBody::Raw(piece)) = (serial, request.body()) else { return Err(no_piece()) };
    if piece.len() > LARGEST_PIECE {
        return Err(no_piece());
    }
    Ok(app.feed(serial, piece.clone()).await)
}

/// Rows of what a comparison found, from a place on: a table asks for those in sight.
#[tauri::command]
async fn rows(app: State<'_, App>, serial: u32, filter: RowFilter, from: u32, count: u32) -> Result<Rows, Problem> {
    app.rows(serial, filter, from, count).await
}

/// Puts a value on the clipboard.
#[tauri::command]
async fn copy(app: State<'_, App>, clipboard: State<'_, Clipboard>, id: String) -> Result<Copied, Problem> {
    let copyable = app.copyable(&id).await?;
    clipboard.write(copyable).await
}

/// Fills a secret from the clipboard; the page never sees it.
#[tauri::command]
async fn paste(app: State<'_, App>, clipboard: State<'_, Clipboard>, block: String) -> Result<View, Problem> {
    let secret = clipboard.read().await?;
    Ok(app.act(Action::FillSecret { block, secret }).await)
}

/// Shows a secret for some seconds, because the admin asked.
#[tauri::command]
async fn reveal(app: State<'_, App>, id: String) -> Result<String, Problem> {
    Ok(app.reveal(&id).await?.expose().to_owned())
}

/// Opens one of the recipes' pages in the browser, or Usher's own folder where files are shown.
#[tauri::command]
async fn open_link(app: State<'_, App>, id: String) -> Result<(), Problem> {
    let address = app.link(&id)?;
    let opened = tauri::async_runtime::spawn_blocking({
        let address = address.clone();
        move || match folder(&address) {
            Some(folder) => open::that_detached(folder),
            None => open::that_detached(address.as_str()),
        }
    });
    opened.await.is_ok_and(|opened| opened.is_ok()).then_some(()).ok_or_else(|| not_opened(&address))
}

fn no_piece() -> Problem {
    Problem::new(Code::WrongInput, "This piece of the file did not come through. Nothing was changed.")
        .hint("Choose the file again.")
}

/// Systems open a path more reliably than its address.
fn folder(address: &Url) -> Option<PathBuf> {
    (address.scheme() == "file").then(|| address.to_file_path().ok()).flatten()
}

fn not_opened(address: &Url) -> Problem {
    if let Some(folder) = folder(address) {
        return Problem::new(Code::Refused, format!("Your system did not open the folder {}", folder.display()))
            .hint("It may not be there yet. Else look at it with your own program for files.");
    }
    Problem::new(Code::Refused, format!("Your system did not open a browser for {address}"))
        .hint("Copy the address from here and open it yourself.")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value, json};
    use tauri::{
        ipc::{CallbackFn, InvokeBody},
        test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder, mock_context, noop_assets},
        webview::InvokeRequest,
    };
    use usher_core::{App, app::Config, vault::MemoryVault};

    use super::handler;
    use crate::clipboard::Clipboard;

    /// A window without a screen, on an empty data directory.
    struct Page {
        window: tauri::WebviewWindow<MockRuntime>,
        _app: tauri::App<MockRuntime>,
        _directory: tempfile::TempDir,
    }

    impl Page {
        fn open() -> Self {
            let directory = tempfile::tempdir().unwrap();
            let vault = || Arc::new(MemoryVault::default());
            let config = Config::new(directory.path().join("data"), directory.path().to_owned(), vault(), vault());
            let usher = tauri::async_runtime::block_on(async { App::open(config) });
            let builder = mock_builder().manage(usher).manage(Clipboard::start()).invoke_handler(handler());
            let app = builder.build(mock_context(noop_assets())).unwrap();
            let window = tauri::WebviewWindowBuilder::new(&app, "main", Default::default()).build().unwrap();
            Self { window, _app: app, _directory: directory }
        }

        fn invoke(&self, command: &str, arguments: Value) -> Result<Value, Value> {
            self.send(command, InvokeBody::Json(arguments), None)
        }

        fn send(&self, command: &str, body: InvokeBody, serial: Option<&str>) -> Result<Value, Value> {
            let mut request = InvokeRequest {
                cmd: command.to_owned(),
                callback: CallbackFn(0),
                error: CallbackFn(1),
                url: "tauri://localhost".parse().unwrap(),
                body,
                headers: Default::default(),
                invoke_key: INVOKE_KEY.to_owned(),
            };
            if let Some(serial) = serial {
                request.headers.insert("serial", serial.parse().unwrap());
            }
            get_ipc_response(&self.window, request).map(|body| body.deserialize().unwrap())
        }
    }

    #[test]
    fn a_page_gets_views_and_sends_actions() {
        let page = Page::open();
        assert_eq!(page.invoke("view", json!({})).unwrap()["screen"]["kind"], "home");
        let action = json!({ "action": { "type": "new-setup", "practice": false } });
        assert_eq!(page.invoke("act", action).unwrap()["screen"]["kind"], "new-setup");
    }

    #[test]
    fn what_only_the_shell_knows_is_there_when_its_screen_opens() {
        let page = Page::open();
        let screen = page.invoke("act", json!({ "action": { "type": "about" } })).unwrap()["screen"].clone();
        let text = screen["diagnostics"]["value"].as_str().unwrap();
        let known = |name: &str| text.lines().any(|line| line.starts_with(name) && !line.ends_with("unknown"));
        assert!(known("Webview: ") && known("Display scale: "), "{text}");
    }

    #[test]
    fn an_id_that_is_not_on_the_screen_is_a_problem_in_words() {
        let page = Page::open();
        for command in ["copy", "reveal", "open_link"] {
            let problem = page.invoke(command, json!({ "id": "proxy-token" })).unwrap_err();
            assert!(problem["code"].is_string() && problem["message"].is_string(), "{command}: {problem}");
        }
    }

    #[test]
    fn a_file_comes_as_raw_bytes_with_its_serial_and_in_bounded_pieces() {
        let page = Page::open();
        page.invoke("act", json!({ "action": { "type": "doctor", "class": null } })).unwrap();
        let begin = json!({ "action": { "type": "examine", "intake": "doctor", "name": "a.log", "size": 3 } });
        let view = page.invoke("act", begin).unwrap();
        let serial = view["screen"]["intake"]["state"]["serial"].as_u64().unwrap().to_string();
        let raw = |bytes: &[u8]| InvokeBody::Raw(bytes.to_vec());
        assert_eq!(page.send("feed", raw(b"401"), Some(&serial)).unwrap(), true);
        assert_eq!(page.send("feed", raw(b"401"), Some("4711")).unwrap(), false, "of another file");
        for (body, serial) in [
            (raw(b"401"), None),
            (raw(b"401"), Some("first")),
            (InvokeBody::Json(json!({ "piece": "401" })), Some(serial.as_str())),
            (raw(&vec![b'x'; super::LARGEST_PIECE + 1]), Some(serial.as_str())),
        ] {
            let problem = page.send("feed", body, serial).unwrap_err();
            assert!(problem["message"].is_string(), "{problem}");
        }
        assert_eq!(page.send("feed", raw(b""), Some(&serial)).unwrap(), false, "the end");
    }

    #[test]
    fn rows_of_nothing_are_a_problem_in_words() {
        let page = Page::open();
        let filter = json!({ "kinds": [], "text": "" });
        let ask = json!({ "serial": 1, "filter": filter, "from": 0, "count": 10 });
        let problem = page.invoke("rows", ask).unwrap_err();
        assert!(problem["message"].is_string(), "{problem}");
        for (name, wrong) in [("from", json!(-1)), ("count", json!(5_000_000_000_u64)), ("filter", json!("all"))] {
            let mut ask = json!({ "serial": 1, "filter": filter, "from": 0, "count": 10 });
            ask[name] = wrong;
            assert!(page.invoke("rows", ask).is_err(), "{name}");
        }
    }

    #[test]
    fn nothing_but_the_eight_can_be_called() {
        let page = Page::open();
        for command in ["reveal_all", "read_file", "plugin:shell|open", "plugin:fs|read_file"] {
            assert!(page.invoke(command, json!({ "id": "proxy-token" })).is_err(), "{command}");
        }
        let unknown = json!({ "action": { "type": "run-program" } });
        assert!(page.invoke("act", unknown).is_err());
    }
}
