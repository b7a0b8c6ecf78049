//! How this computer describes itself: system, session, language, time zone. Asked of files and variables, never of
//! another program.

use std::env;

use jiff::tz::TimeZone;

/// The longest description that is taken from the system.
const LONGEST: usize = 60;

/// This computer, in its own few words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Computer {
    /// "Debian GNU/Linux 12 (bookworm)".
    pub system: String,
    /// "x86_64".
    pub processor: &'static str,
    /// "wayland, GNOME"; only where there are several kinds.
    pub session: Option<String>,
    /// "de-DE".
    pub locale: Option<String>,
    /// "Europe/Berlin".
    pub zone: Option<String>,
}

impl Computer {
    /// The one that this runs on.
    pub fn this() -> Self {
        Self {
            system: short(&system()),
            processor: env::consts::ARCH,
            session: session(|name| env::var(name).ok()),
            locale: sys_locale::get_locale().map(|locale| short(&locale)).filter(|locale| !locale.is_empty()),
            zone: TimeZone::system().iana_name().map(short),
        }
    }
}

/// What a description of a system is written in, and not longer than one is.
fn short(text: &str) -> String {
    let usual = |character: &char| character.is_ascii_alphanumeric() || " .,:;/()+_-".contains(*character);
    text.trim().chars().filter(usual).take(LONGEST).collect()
}

fn session(variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let parts = ["XDG_SESSION_TYPE", "XDG_CURRENT_DESKTOP"].map(&variable).into_iter().flatten();
    let parts: Vec<String> = parts.map(|part| short(&part)).filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

#[cfg(target_os = "linux")]
fn system() -> String {
    let files = ["/etc/os-release", "/usr/lib/os-release"];
    let text = files.into_iter().find_map(|path| std::fs::read_to_string(path).ok());
    text.as_deref().and_then(pretty_name).unwrap_or_else(|| "Linux".into())
}

#[cfg(target_os = "macos")]
fn system() -> String {
    let text = std::fs::read_to_string("/System/Library/CoreServices/SystemVersion.plist").unwrap_or_default();
    product_version(&text).map_or_else(|| "macOS".into(), |version| format!("macOS {version}"))
}

#[cfg(windows)]
fn system() -> String {
    let windows_version::OsVersion { major, minor, build, .. } = windows_version::OsVersion::current();
    // Windows 11 counts on from 10.
    let name = if major == 10 && build >= 22_000 { 11 } else { major };
    format!("Windows {name} ({major}.{minor}.{build})")
}

#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
fn system() -> String {
    env::consts::OS.into()
}

/// Of `os-release`: a line `PRETTY_NAME="…"`.
#[cfg(any(test, target_os = "linux"))]
fn pretty_name(text: &str) -> Option<String> {
    let name = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="))?;
    Some(name.trim().trim_matches(['"', '\'']).to_owned()).filter(|name| !name.is_empty())
}

/// Of a property list: the text after the key.
#[cfg(any(test, target_os = "macos"))]
fn product_version(text: &str) -> Option<String> {
    let after = text.split_once("<key>ProductVersion</key>")?.1;
    let version = after.split_once("<string>")?.1.split_once("</string>")?.0;
    Some(version.trim().to_owned()).filter(|version| !version.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systems_are_read_as_they_describe_themselves() {
        let debian = "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=\"Debian GNU/Linux\"\n";
        assert_eq!(pretty_name(debian).as_deref(), Some("Debian GNU/Linux 12 (bookworm)"));
        assert_eq!(pretty_name("NAME=x\nPRETTY_NAME=Arch\n").as_deref(), Some("Arch"));
        assert_eq!(pretty_name("PRETTY_NAME=\"\"\n"), None);
        let mac = "<dict>\n\t<key>ProductName</key>\n\t<string>macOS</string>\n\t<key>ProductVersion</key>\n\t<string>15.6.1</string>\n</dict>";
        assert_eq!(product_version(mac).as_deref(), Some("15.6.1"));
        for broken in ["", "<key>ProductVersion</key>", "<key>ProductVersion</key><string>15", "<string>15</string>"] {
            assert_eq!(product_version(broken), None, "{broken}");
        }
    }

    #[test]
    fn what_is_no_description_is_left_out() {
        assert_eq!(short("Debian\u{1b}[31m \"12\"\u{202e}"), "Debian[31m 12".replace('[', ""));
        assert_eq!(short(&"x".repeat(5_000)).len(), LONGEST);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_session_is_named_by_kind_and_desktop() {
        let set = |kind: &'static str, desktop: &'static str| {
            session(move |name| Some(if name == "XDG_SESSION_TYPE" { kind } else { desktop }.to_owned()))
        };
        assert_eq!(set("wayland", "ubuntu:GNOME").as_deref(), Some("wayland, ubuntu:GNOME"));
        assert_eq!(set("", "KDE").as_deref(), Some("KDE"));
        assert_eq!(set("", ""), None);
    }
}
