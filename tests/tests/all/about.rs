//! About Usher: what it says is true of this computer, and what it lets out names nobody.

use std::time::Duration;

use usher_core::{
    Action, App, View,
    view::{About, Screen},
};

use crate::support::{
    stage::{Home, to_step_2, until},
    target::{Target, nobody},
};

fn about(view: &View) -> &About {
    match &view.screen {
        Screen::About(about) => about,
        other => panic!("another screen: {other:#?}"),
    }
}

/// Once the keyring has been asked.
pub(crate) async fn opened(app: &App) -> View {
    app.act(Action::About).await;
    until(app, "the keyring's answer", |view| !about(view).diagnostics.value.contains("being asked")).await
}

#[tokio::test]
async fn what_is_shown_is_what_is_copied() {
    let (home, target) = (Home::new(), Target::start(|_| nobody()).await);
    let app = home.open(target.addresses());
    to_step_2(&app).await;
    assert!(app.copyable("diagnostics").await.is_err(), "only where it is shown");
    let view = opened(&app).await;
    let text = &about(&view).diagnostics.value;
    let copied = app.copyable("diagnostics").await.expect("it is shown");
    assert_eq!(copied.value.expose(), text);
    assert!(!copied.secret);
    assert!(app.reveal("diagnostics").await.is_err(), "it is no secret");
    for line in [
        format!("Usher {}", about(&view).version).as_str(),
        "Keyring: answers",
        "Data folder: another one than usual",
        "Connections: 1",
        "Practice worlds running: 1",
    ] {
        assert!(text.lines().any(|found| found.starts_with(line)), "{line} is not in\n{text}");
    }
    assert!(text.contains(", practice: unfinished at access-token; days left: ?"), "{text}");
    let view = app.act(Action::Back).await;
    assert!(matches!(view.screen, Screen::Home(_)), "{:#?}", view.screen);
}

#[tokio::test]
async fn a_keyring_that_refuses_is_told() {
    let (home, target) = (Home::new(), Target::start(|_| nobody()).await);
    let app = home.open(target.addresses());
    home.vault.lock(true);
    let view = opened(&app).await;
    let text = &about(&view).diagnostics.value;
    assert!(text.contains("\nKeyring: does not answer as it should. "), "{text}");
}

#[tokio::test]
async fn only_usher_s_own_folder_is_opened_and_only_from_there() {
    let home = Home::new();
    let app = home.open(Default::default());
    assert!(app.link("data-folder").is_err());
    let view = opened(&app).await;
    let point = about(&view).points.iter().find(|point| point.open.is_some()).expect("it can be opened");
    let address = app.link(point.open.as_deref().expect("it has an id")).expect("it is shown");
    assert_eq!(address.to_file_path(), Ok(home.data_dir()));
    assert_eq!(point.path.as_deref(), Some(home.data_dir().display().to_string().as_str()));
}

#[tokio::test]
async fn what_the_shell_says_later_is_drawn() {
    let home = Home::new();
    let app = home.open(Default::default());
    opened(&app).await;
    let mut changes = app.changes();
    changes.mark_unchanged();
    app.surrounded_by(|around| around.scale = Some(1.5));
    tokio::time::timeout(Duration::from_secs(5), changes.changed()).await.expect("it is told").expect("it is open");
    assert!(about(&app.view()).diagnostics.value.contains("\nDisplay scale: 1.5\n"));
}
