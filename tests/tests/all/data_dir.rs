//! The data directory: in the way, broken, newer, taken, gone, full. Each is said, and nothing is overwritten.

use std::{fs, io::Write, path::Path, process::Command};

use usher_core::{
    Action, Code, Phase,
    view::{Home as HomeScreen, Screen},
};

use crate::support::{
    look,
    stage::{ACCESS, Home, begin, to_step_2, to_step_3},
    target::{Target, nobody},
};

fn home_screen(screen: &Screen) -> &HomeScreen {
    match screen {
        Screen::Home(home) => home,
        other => panic!("not Home but {other:#?}"),
    }
}

#[tokio::test]
async fn a_file_in_the_way_is_said_and_usher_works_all_the_same() {
    let (home, target) = (Home::new(), Target::start(|_| nobody()).await);
    fs::write(home.data_dir(), "not a folder").expect("there is room");
    let app = home.open(target.addresses());
    let view = to_step_2(&app).await;
    let notice = look::notice(&view, "disk").expect("it is said on every screen");
    assert_eq!(notice.code, Code::Disk);
    assert!(notice.message.contains("a file is in the way"), "{notice}");
    assert!(!view.notices[0].dismissible);
    assert_eq!(fs::read_to_string(home.data_dir()).expect("it is there"), "not a folder");
}

#[tokio::test]
async fn a_file_that_is_cut_off_or_newer_is_kept_and_named() {
    let (home, target) = (Home::new(), Target::start(|_| nobody()).await);
    let app = home.open(target.addresses());
    to_step_3(&app, ACCESS).await;
    drop(app);
    let whole = fs::read_to_string(&home.setups()[0]).expect("it is there");
    let newer = whole.replacen("\"version\": 1", "\"version\": 2", 1);
    assert_ne!(newer, whole);
    let broken = [("cut", &whole[..whole.len() / 2], "cut off"), ("newer", &newer, "newer version")];
    for (name, text, _) in broken {
        fs::write(home.data_dir().join(format!("{name}.json")), text).expect("there is room");
    }
    let app = home.open(target.addresses());
    let view = app.act(Action::Home).await;
    let shown = home_screen(&view.screen);
    assert_eq!(shown.setups.len(), 1, "the whole one is shown");
    assert_eq!(shown.unreadable.len(), 2);
    for (name, text, words) in broken {
        let file = format!("{name}.json");
        let problem = shown.unreadable.iter().find(|problem| problem.message.contains(&file)).expect("it is named");
        assert!(problem.message.contains(words), "{problem}");
        assert_eq!(fs::read_to_string(home.data_dir().join(file)).expect("it is kept"), text);
    }
}

#[tokio::test]
async fn a_second_window_waits_for_the_first() {
    let (home, target) = (Home::new(), Target::start(|_| nobody()).await);
    let first = home.open(target.addresses());
    to_step_3(&first, ACCESS).await;
    let second = home.open(target.addresses());
    let Screen::Blocked(blocked) = second.view().screen else { panic!("two windows at once") };
    assert_eq!(blocked.problem.code, Code::AlreadyOpen);
    assert!(!blocked.problem.hints.is_empty());
    let view = second.act(Action::NewSetup { practice: true }).await;
    assert!(matches!(view.screen, Screen::Blocked(_)), "nothing else can be done");
    assert!(matches!(second.act(Action::TryAgain).await.screen, Screen::Blocked(_)));
    let left = look::step(&first.view()).clone();
    drop(first);
    let view = second.act(Action::TryAgain).await;
    assert_eq!(home_screen(&view.screen).setups.len(), 1);
    let view = second.act(Action::OpenSetup { setup: home.setup() }).await;
    assert_eq!(*look::step(&view), left);
}

#[tokio::test]
async fn a_folder_that_goes_away_is_said_and_all_is_saved_when_it_is_back() {
    let (home, target) = (Home::new(), Target::start(|_| nobody()).await);
    let app = home.open(target.addresses());
    to_step_2(&app).await;
    let file = home.setups().remove(0);
    fs::remove_dir_all(home.data_dir()).expect("it was there");
    let tick = |done| Action::Tick { block: "role-assigned".into(), row: String::new(), done };
    let view = app.act(tick(false)).await;
    assert_eq!(look::notice(&view, "disk").map(|problem| problem.code), Some(Code::Disk));
    assert_eq!(look::step(&view).phase, Phase::AccessToken, "the work goes on");
    fs::create_dir_all(home.data_dir()).expect("there is room");
    let view = app.act(tick(true)).await;
    assert!(look::notice(&view, "disk").is_none());
    assert!(fs::read_to_string(file).expect("it is saved").contains("role-assigned"));
}

const FULL: &str = "USHER_TEST_FULL_DISK";

/// Begins itself again inside a mount namespace of its own, on a file system of a few kilobytes.
#[tokio::test]
async fn a_full_disk_is_said_and_all_is_saved_when_there_is_room() {
    if let Some(disk) = std::env::var_os(FULL) {
        return on_a_small_disk(Path::new(&disk)).await;
    }
    if !Command::new("unshare").args(["-rm", "true"]).status().is_ok_and(|status| status.success()) {
        let words = b"No mount namespace is allowed here, so the full disk is not tried.\n";
        return std::io::stderr().write_all(words).expect("somebody listens");
    }
    let folder = tempfile::tempdir().expect("there is room");
    let script = "mount -t tmpfs -o size=32k none \"$1\" && exec \"$2\" --exact \"$3\"";
    let output = Command::new("unshare")
        .args(["-rm", "sh", "-c", script, "sh"])
        .arg(folder.path())
        .arg(std::env::current_exe().expect("a running program has a place"))
        .arg("data_dir::a_full_disk_is_said_and_all_is_saved_when_there_is_room")
        .env(FULL, folder.path())
        .output()
        .expect("unshare is there");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&output.stderr));
}

async fn on_a_small_disk(disk: &Path) {
    let (home, target) = (Home::new(), Target::start(|_| nobody()).await);
    let data = disk.join("data");
    let app = home.open_with(target.addresses(), |config| config.data_dir = data.clone());
    begin(&app).await;
    let saved = || fs::read_dir(&data).expect("it is there").flatten().find(|file| file.path().extension().is_some());
    let file = saved().expect("it was saved").path();
    let before = fs::read_to_string(&file).expect("it is there");
    let filler = disk.join("filler");
    let mut size = 32_768;
    while size > 0 {
        // As much as fits, to the last byte.
        if fs::write(&filler, vec![b'x'; size]).is_ok() {
            break;
        }
        size -= 512;
    }
    let view = app.act(Action::Continue).await;
    let notice = look::notice(&view, "disk").expect("it is said");
    assert!(notice.message.contains("the disk is full"), "{notice}");
    assert_eq!(fs::read_to_string(&file).expect("it is there"), before, "the old file is whole");
    fs::remove_file(&filler).expect("it was there");
    let view = app.act(Action::Tick { block: "role-assigned".into(), row: String::new(), done: true }).await;
    assert!(look::notice(&view, "disk").is_none());
    assert!(fs::read_to_string(&file).expect("it is there").contains("role-assigned"));
}

#[cfg(unix)]
#[tokio::test]
async fn other_accounts_of_this_computer_can_look_into_nothing() {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    let (home, target) = (Home::new(), Target::start(|_| nobody()).await);
    // As an earlier version left it.
    fs::create_dir_all(home.data_dir()).expect("there is room");
    fs::set_permissions(home.data_dir(), fs::Permissions::from_mode(0o755)).expect("it is ours");
    let app = home.open(target.addresses());
    to_step_2(&app).await;
    assert_eq!(mode(&home.data_dir()), 0o700);
    let files = fs::read_dir(home.data_dir()).expect("a folder").flatten();
    let setups: Vec<_> = files.map(|it| it.path()).filter(|it| it.extension().is_some_and(|it| it == "json")).collect();
    assert_eq!(setups.len(), 1, "the connection is saved");
    assert_eq!(mode(&setups[0]), 0o600);
}
