//! The text for whoever helps: what stands in it, and what never does.

use jiff::{SignedDuration, Timestamp};

use super::{Computer, Connection, Known, Surroundings, Trouble, data_folder, text};
use crate::{
    class::Class,
    error::{Code, Phase, Problem},
    places,
    status::State,
};

fn computer() -> Computer {
    Computer {
        system: "Debian GNU/Linux 12 (bookworm)".into(),
        processor: "x86_64",
        session: Some("wayland, GNOME".into()),
        locale: Some("de-DE".into()),
        zone: Some("Europe/Berlin".into()),
    }
}

fn connection(state: State, phase: Phase, days_left: Option<i64>) -> Connection {
    let state = Connection::state(state, phase);
    Connection { target: "here".into(), idp: "there".into(), practice: false, state, days_left }
}

fn shown(change: impl FnOnce(&mut Known)) -> String {
    let mut known = Known {
        now: Timestamp::constant(1_795_746_645, 0),
        computer: computer(),
        around: Surroundings { webview: Some("WebKitGTK 2.50.1".into()), ..Surroundings::default() },
        data_folder: "~/.local/share/usher".into(),
        keyring: None,
        proxy: "no".into(),
        log: false,
        connections: Vec::new(),
        rotations: 0,
        unreadable: 0,
        practice_worlds: 0,
        troubles: Vec::new(),
        notices: Vec::new(),
    };
    change(&mut known);
    text(&known)
}

#[test]
fn each_fact_has_a_line() {
    let text = shown(|_| {});
    for line in [
        "Time: 2026-11-27 02:30 UTC",
        "System: Debian GNU/Linux 12 (bookworm), x86_64",
        "Session: wayland, GNOME",
        "Webview: WebKitGTK 2.50.1",
        "Display scale: unknown",
        "Language: de-DE",
        "Keyring: being asked",
        "Proxy: no",
        "Data folder: ~/.local/share/usher",
        "Log: off",
        "Connections: 0",
        "Notices: none",
        "Last errors: none",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
    }
    assert!(text.starts_with(&format!("Usher {}", env!("CARGO_PKG_VERSION"))), "{text}");
}

#[test]
fn connections_that_are_alike_are_counted() {
    let text = shown(|known| {
        known.connections = vec![
            connection(State::Well, Phase::Role, Some(300)),
            connection(State::Unfinished, Phase::Mappings, None),
            connection(State::Well, Phase::Provisioning, Some(41)),
            Connection { practice: true, ..connection(State::Well, Phase::Role, None) },
        ];
    });
    let lines: Vec<&str> = text.lines().skip_while(|line| !line.starts_with("Connections")).take(4).collect();
    assert_eq!(
        lines,
        [
            "Connections: 4",
            "  1 × here from there: unfinished at mappings; days left: ?",
            "  2 × here from there: well; days left: 41, 300",
            "  1 × here from there, practice: well; days left: ?",
        ]
    );
}

#[test]
fn the_newest_errors_are_told_by_kind_and_age() {
    let text = shown(|known| {
        let at = |days: i64| known.now - SignedDuration::from_hours(24 * days);
        let trouble =
            |days, code, class| Trouble { at: at(days), code, class, target: "here".into(), idp: "there".into() };
        known.troubles = (5..40).map(|days| trouble(days, Code::Timeout, None)).collect();
        known.troubles.push(trouble(1, Code::Unauthorized, Some(Class::BadCredentials)));
        known.troubles.push(trouble(0, Code::NotScim, None));
        known.notices = vec![Code::Vault];
    });
    let lines: Vec<&str> = text.lines().skip_while(|line| !line.starts_with("Last errors")).collect();
    assert_eq!(
        lines[..4],
        [
            "Last errors:",
            "  not_scim, here from there, less than a day ago",
            "  unauthorized (bad-credentials), here from there, a day ago",
            "  timeout, here from there, 5 days ago",
        ]
    );
    assert_eq!(lines.len(), 11, "the newest ten");
    assert!(text.contains("\nNotices: vault\n"), "{text}");
}

#[test]
fn a_keyring_that_does_not_answer_is_told_in_the_words_of_this_program() {
    let refused = Err(Problem::new(Code::Vault, "Your system's keyring is locked.").hint("canary"));
    let text = shown(|known| known.keyring = Some(refused));
    assert!(text.contains("Keyring: does not answer as it should. Your system's keyring is locked.\n"), "{text}");
    assert!(!text.contains("canary"), "{text}");
    assert!(shown(|known| known.keyring = Some(Ok(()))).contains("\nKeyring: answers\n"));
}

#[test]
fn what_the_shell_says_cannot_break_out_of_its_line() {
    let around = Surroundings {
        webview: Some(format!("2.50\nSystem: canary\u{202e}{}", "9".repeat(5_000))),
        scale: Some(f64::NAN),
        notices: None,
    };
    let text = shown(|known| known.around = around);
    assert!(!text.contains("\nSystem: canary") && text.len() < 1_000, "{text}");
    assert!(text.contains("Display scale: unknown"), "{text}");
}

#[test]
fn a_folder_that_somebody_chose_is_not_named() {
    assert_eq!(data_folder("/srv/canary/usher".as_ref()), "another one than usual");
    if let Some(usual) = places::usual_data_dir() {
        let told = data_folder(&usual);
        assert!(told.starts_with('~') || told == "as usual", "{told}");
    }
}

#[test]
fn the_scale_is_told_as_a_number() {
    let around = Surroundings { scale: Some(1.5), ..Surroundings::default() };
    assert!(shown(|known| known.around = around).contains("\nDisplay scale: 1.5\n"));
}
