//! All that the page can ask for: six commands. Ids come in, views go out; only `reveal` ever hands out a secret.

use tauri::{Runtime, State, Url, ipc::Invoke};
use usher_core::{Action, App, Code, Problem, View, view::Copied};

use crate::clipboard::Clipboard;

/// The six, for the builder.
pub(crate) fn handler<R: Runtime>() -> impl Fn(Invoke<R>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![view, act, copy, paste, reveal, open_link]
}

/// The screen as it is now.
#[tauri::command]
async fn view(app: State<'_, App>) -> Result<View, Problem> {
    Ok(app.view())
}

/// Does one thing and answers with the screen after it.
#[tauri::command]
async fn act(app: State<'_, App>, action: Action) -> Result<View, Problem> {
    Ok(app.act(action).await)
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

/// Opens one of the recipes' pages in the browser.
#[tauri::command]
async fn open_link(app: State<'_, App>, id: String) -> Result<(), Problem> {
    let address = app.link(&id)?;
    let opened = tauri::async_runtime::spawn_blocking({
        let address = address.clone();
        move || open::that_detached(address.as_str())
    });
    opened.await.is_ok_and(|opened| opened.is_ok()).then_some(()).ok_or_else(|| no_browser(&address))
}

fn no_browser(address: &Url) -> Problem {
    Problem::new(Code::Refused, format!("Your system did not open a browser for {address}"))
        .hint("Copy the address from here and open it yourself.")
}
