//! A desktop for one test: a screen in memory, a message bus, an unlocked keyring and private directories. Nothing of it
//! touches the desktop of whoever runs the tests.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    os::unix::{fs::PermissionsExt, net::UnixStream},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// How long a part of the desktop may take to come up, or to hear of something.
const PATIENCE: Duration = Duration::from_secs(20);
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    Light,
    Dark,
}

pub(crate) struct Desktop {
    display: String,
    bus: String,
    // Ended in this order.
    _keyring: Running,
    _bus: Running,
    _screen: Running,
    directory: TempDir,
}

impl Desktop {
    pub(crate) fn start(scheme: Scheme) -> Self {
        let directory = tempfile::Builder::new().prefix("usher-desktop-").tempdir().unwrap();
        for name in ["runtime", "data", "config", "cache", "home", "documents", "usher", "bin"] {
            fs::create_dir(directory.path().join(name)).unwrap();
        }
        fs::set_permissions(directory.path().join("runtime"), fs::Permissions::from_mode(0o700)).unwrap();
        fake_browser(directory.path());
        choose_scheme(directory.path(), scheme);

        let mut xvfb = Command::new("Xvfb");
        // Without -noreset it begins anew after the last window, and refuses whoever comes at that moment.
        xvfb.args(["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp", "-noreset"]);
        let (screen, display) = Running::with_first_line(xvfb);
        let display = format!(":{display}");

        let mut daemon = Command::new("dbus-daemon");
        daemon.args(["--nofork", "--nopidfile", "--print-address=1"]);
        daemon.arg(format!("--config-file={}", bus_rules(directory.path()).display()));
        let (bus_process, bus) = Running::with_first_line(daemon);

        let keyring = unlocked_keyring(surroundings(directory.path(), &display, &bus));
        let desktop = Self { directory, display, bus, _keyring: keyring, _bus: bus_process, _screen: screen };
        desktop.wait_for_owner("org.freedesktop.secrets");
        desktop
    }

    /// A command that runs on this desktop.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.envs(surroundings(self.path(), &self.display, &self.bus));
        command
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    /// All files of this desktop.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let (mut directories, mut files) = (vec![self.path().to_owned()], Vec::new());
        while let Some(directory) = directories.pop() {
            for entry in fs::read_dir(directory).unwrap().flatten() {
                let kind = entry.file_type().unwrap();
                if kind.is_dir() {
                    directories.push(entry.path());
                } else if kind.is_file() {
                    files.push(entry.path());
                }
            }
        }
        files
    }

    /// The links that were opened in the "browser", oldest first.
    pub(crate) fn opened(&self) -> Vec<String> {
        fs::read_to_string(self.path().join("opened")).unwrap_or_default().lines().map(str::to_owned).collect()
    }

    /// The first link that is opened after so many others.
    pub(crate) async fn opened_after(&self, others: usize) -> String {
        until("a link is opened", || self.opened().into_iter().nth(others)).await
    }

    /// What another program would paste.
    pub(crate) fn clipboard(&self) -> String {
        self.clipboard_as("UTF8_STRING")
    }

    /// What the clipboard holds in one of its forms.
    pub(crate) fn clipboard_as(&self, form: &str) -> String {
        // Whoever owns the clipboard may never answer.
        let mut xclip = self.command("timeout");
        xclip.args(["5", "xclip", "-o", "-selection", "clipboard", "-t", form]);
        let output = xclip.output().expect(NEEDS_TOOLS);
        String::from_utf8(output.stdout).unwrap()
    }

    /// Copies a text in another program.
    pub(crate) fn copy_elsewhere(&self, text: &str) {
        // xclip stays in the background for as long as it owns the clipboard.
        let mut xclip = self.command("xclip");
        xclip.args(["-i", "-selection", "clipboard"]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = xclip.spawn().expect(NEEDS_TOOLS);
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success(), "xclip did not take the text");
    }

    /// What another program would paste as soon as it is not this text any more.
    pub(crate) async fn copied_after(&self, text: &str) -> String {
        let copied = || Some(self.clipboard()).filter(|copied| !copied.is_empty() && copied != text);
        until("something is copied", copied).await
    }

    /// A secret as any other program finds it in the keyring.
    pub(crate) fn kept(&self, service: &str, username: &str) -> Option<String> {
        let mut tool = self.command("secret-tool");
        let output = tool.args(["lookup", "service", service, "username", username]).output().expect(NEEDS_TOOLS);
        output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
    }

    /// The names of all secrets of a service that are in the keyring.
    pub(crate) fn kept_names(&self, service: &str) -> Vec<String> {
        let mut tool = self.command("secret-tool");
        let found = tool.args(["search", "--all", "service", service]).output().expect(NEEDS_TOOLS);
        // The attributes are among what is said beside the secret.
        let said = [found.stdout, found.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
        said.lines().filter_map(|line| line.trim().strip_prefix("attribute.username = ")).map(str::to_owned).collect()
    }

    /// Neither Usher's files nor its log at the level "trace", nor anything else on the desktop, holds one of these.
    pub(crate) fn no_file_holds(&self, secrets: &[String]) {
        for file in self.files() {
            let content = fs::read(&file).unwrap_or_default();
            let found = |secret: &String| content.windows(secret.len()).any(|part| part == secret.as_bytes());
            assert!(!secrets.iter().any(found), "{} holds a secret", file.display());
        }
    }

    /// Starts what stands between programs and a screen reader. A program that is started then speaks with it, unless it
    /// is told not to.
    pub(crate) fn with_assistive_technology(&self) -> Running {
        let launcher = LAUNCHERS.iter().find(|path| Path::new(path).exists()).expect(NEEDS_TOOLS);
        let mut command = self.command(launcher);
        command.arg("--launch-immediately").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let launcher = Running::start(command);
        self.wait_for_owner("org.a11y.Bus");
        for property in ["IsEnabled", "ScreenReaderEnabled"] {
            let set = self.call_bus(&[
                "--dest=org.a11y.Bus",
                "/org/a11y/bus",
                "org.freedesktop.DBus.Properties.Set",
                "string:org.a11y.Status",
                &format!("string:{property}"),
                "variant:boolean:true",
            ]);
            assert!(set.status.success(), "{}", String::from_utf8_lossy(&set.stderr));
        }
        launcher
    }

    /// Locks the keyring, as a screen saver may do. Nobody is there to unlock it.
    pub(crate) fn lock_keyring(&self) {
        let locked = self.call_bus(&[
            "--dest=org.freedesktop.secrets",
            "/org/freedesktop/secrets",
            "org.freedesktop.Secret.Service.Lock",
            "array:objpath:/org/freedesktop/secrets/collection/login",
        ]);
        assert!(locked.status.success(), "{}", String::from_utf8_lossy(&locked.stderr));
    }

    /// Unlocks it again, as a login does.
    pub(crate) fn unlock_keyring(&self) {
        const UNLOCK: u32 = 1;
        let mut control = UnixStream::connect(self.path().join("runtime/keyring/control")).unwrap();
        let length = PASSWORD.len() as u32;
        let mut message = vec![0];
        for number in [12 + length, UNLOCK, length] {
            message.extend(number.to_be_bytes());
        }
        message.extend(PASSWORD);
        control.write_all(&message).unwrap();
        let mut answer = [0; 8];
        control.read_exact(&mut answer).unwrap();
        assert_eq!(answer, [0, 0, 0, 8, 0, 0, 0, 0], "the keyring was not unlocked");
    }

    fn wait_for_owner(&self, name: &str) {
        let owner = [
            "--dest=org.freedesktop.DBus",
            "/org/freedesktop/DBus",
            "org.freedesktop.DBus.NameHasOwner",
            &format!("string:{name}"),
        ];
        let begin = Instant::now();
        while !String::from_utf8_lossy(&self.call_bus(&owner).stdout).contains("boolean true") {
            assert!(begin.elapsed() < PATIENCE, "{name} did not come up");
            std::thread::sleep(BETWEEN_LOOKS);
        }
    }

    fn call_bus(&self, arguments: &[&str]) -> Output {
        self.command("dbus-send").args(["--session", "--print-reply"]).args(arguments).output().expect(NEEDS_TOOLS)
    }
}

async fn until<T>(what: &str, look: impl Fn() -> Option<T>) -> T {
    let begin = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begin.elapsed() < PATIENCE, "waited in vain until {what}");
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
}

/// Where distributions put it.
const LAUNCHERS: [&str; 3] =
    ["/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher"];

pub(crate) const NEEDS_TOOLS: &str = "a tool of these tests is missing: `make e2e` installs them";

const PASSWORD: &[u8] = b"of the test desktop";

/// A process that ends with its owner.
pub(crate) struct Running(Child);

impl Running {
    pub(crate) fn start(mut command: Command) -> Self {
        let name = command.get_program().to_owned();
        let child = command.spawn();
        Self(child.unwrap_or_else(|error| panic!("{} did not start ({error}): {NEEDS_TOOLS}", name.display())))
    }

    /// Its two ends, of a process that was started with both.
    pub(crate) fn pipes(&mut self) -> (ChildStdin, ChildStdout) {
        (self.0.stdin.take().unwrap(), self.0.stdout.take().unwrap())
    }

    fn with_first_line(mut command: Command) -> (Self, String) {
        command.stdout(Stdio::piped()).stderr(Stdio::null()).stdin(Stdio::null());
        let mut running = Self::start(command);
        let mut line = String::new();
        BufReader::new(running.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(!line.trim().is_empty(), "a part of the test desktop ended at once");
        (running, line.trim().to_owned())
    }
}

impl Drop for Running {
    /// Politely: WebKitWebDriver outlives a tauri-driver that was killed.
    fn drop(&mut self) {
        signal(self.0.id(), "TERM");
        // Whatever it answers, it has ended then.
        let _ = self.0.wait();
    }
}

pub(crate) fn signal(process: u32, name: &str) {
    let sent = Command::new("kill").arg(format!("-{name}")).arg(process.to_string()).stderr(Stdio::null()).status();
    assert!(sent.is_ok(), "{NEEDS_TOOLS}");
}

/// The environment of everything on this desktop, and nothing of the caller's but the way to programs and libraries.
fn surroundings(directory: &Path, display: &str, bus: &str) -> Vec<(&'static str, String)> {
    let inside = |name: &str| directory.join(name).display().to_string();
    let path = std::env::var("PATH").unwrap_or_default();
    vec![
        ("DISPLAY", display.to_owned()),
        ("DBUS_SESSION_BUS_ADDRESS", bus.to_owned()),
        ("XDG_RUNTIME_DIR", inside("runtime")),
        ("XDG_DATA_HOME", inside("data")),
        ("XDG_CONFIG_HOME", inside("config")),
        ("XDG_CACHE_HOME", inside("cache")),
        ("HOME", inside("home")),
        ("PATH", format!("{}:{path}", inside("bin"))),
        ("USHER_DATA_DIR", inside("usher")),
        ("USHER_DOCUMENTS_DIR", inside("documents")),
        ("GDK_BACKEND", "x11".to_owned()),
        ("WAYLAND_DISPLAY", String::new()),
        ("LANG", "C.UTF-8".to_owned()),
        ("TZ", "UTC".to_owned()),
        ("NO_AT_BRIDGE", "1".to_owned()),
    ]
}

/// Instead of opening a browser, writes down what was to be opened.
fn fake_browser(directory: &Path) {
    let path: PathBuf = directory.join("bin/xdg-open");
    let script = format!("#!/bin/sh\nprintf '%s\\n' \"$1\" >> '{}'\n", directory.join("opened").display());
    fs::write(&path, script).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// A session bus that starts nothing by itself: no portal that knows the colours of another desktop.
fn bus_rules(directory: &Path) -> PathBuf {
    let path = directory.join("bus.conf");
    let rules = format!(
        "<busconfig><type>session</type><listen>unix:path={}</listen><policy context=\"default\"> \
         <allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/> \
         </policy></busconfig>",
        directory.join("runtime/bus").display()
    );
    fs::write(&path, rules).unwrap();
    path
}

fn choose_scheme(directory: &Path, scheme: Scheme) {
    fs::create_dir(directory.join("config/gtk-3.0")).unwrap();
    let dark = u8::from(scheme == Scheme::Dark);
    let settings = format!("[Settings]\ngtk-application-prefer-dark-theme={dark}\n");
    fs::write(directory.join("config/gtk-3.0/settings.ini"), settings).unwrap();
}

fn unlocked_keyring(surroundings: Vec<(&'static str, String)>) -> Running {
    let mut daemon = Command::new("gnome-keyring-daemon");
    daemon.args(["--foreground", "--unlock", "--components=secrets"]).envs(surroundings);
    daemon.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut running = Running::start(daemon);
    running.0.stdin.take().unwrap().write_all(PASSWORD).unwrap();
    running
}
