//! The real parts: a server on Python's ssl, OpenSSL's own, tinyproxy, and certificates of many kinds.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{IpAddr, Ipv4Addr, TcpListener, TcpStream, UdpSocket},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};

use crate::support::tools::root;

/// What the server takes; nothing else may ever show it.
const TOKEN: &str = "canary-preflight-7Qm2Xw9Lp4Rt8Yb5";

/// A program that ends with the test.
pub(super) struct Running {
    child: Child,
    pub(super) port: u16,
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A certificate and its key, as files.
pub(super) struct Pair {
    pub(super) certificate: PathBuf,
    key: PathBuf,
}

/// Where certificates are made.
pub(super) struct Authority {
    folder: tempfile::TempDir,
    params: CertificateParams,
    key: KeyPair,
}

impl Authority {
    /// Named like this.
    pub(super) fn called(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(DnType::OrganizationName, name);
        params.distinguished_name.push(DnType::CommonName, format!("{name} Root CA"));
        let key = KeyPair::generate().expect("a key");
        let authority = Self { folder: tempfile::tempdir().expect("a folder"), params, key };
        let own = authority.params.self_signed(&authority.key).expect("a certificate");
        fs::write(authority.file(), own.pem()).expect("written");
        authority
    }

    /// Its own certificate, to be trusted.
    pub(super) fn file(&self) -> PathBuf {
        self.folder.path().join("authority.pem")
    }

    /// A folder of trusted certificates that holds only this one, as OpenSSL names them.
    pub(super) fn trusted_folder(&self) -> PathBuf {
        let folder = self.folder.path().join("trusted");
        fs::create_dir_all(&folder).expect("a folder");
        fs::copy(self.file(), folder.join("authority.pem")).expect("copied");
        let done = Command::new("openssl").arg("rehash").arg(&folder).status().expect("openssl is there");
        assert!(done.success(), "openssl rehash");
        folder
    }

    /// For these names, between these years.
    pub(super) fn issue(&self, names: &[&str], years: std::ops::Range<i32>) -> Pair {
        let (params, key) = wanted(names, years);
        let issuer = Issuer::from_params(&self.params, &self.key);
        self.written(&params.signed_by(&key, &issuer).expect("a certificate"), &key)
    }

    /// Signed in its own name.
    pub(super) fn self_signed(&self, name: &str) -> Pair {
        let (params, key) = wanted(&[name], 2000..3000);
        self.written(&params.self_signed(&key).expect("a certificate"), &key)
    }

    fn written(&self, certificate: &rcgen::Certificate, key: &KeyPair) -> Pair {
        let stem = self.folder.path().join(uuid_like());
        let pair = Pair { certificate: stem.with_extension("pem"), key: stem.with_extension("key") };
        fs::write(&pair.certificate, certificate.pem()).expect("written");
        fs::write(&pair.key, key.serialize_pem()).expect("written");
        pair
    }
}

fn uuid_like() -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("certificate-{}", COUNT.fetch_add(1, Ordering::Relaxed))
}

fn wanted(names: &[&str], years: std::ops::Range<i32>) -> (CertificateParams, KeyPair) {
    let mut params = CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
        .expect("names of hosts or addresses");
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, names[0]);
    params.not_before = rcgen::date_time_ymd(years.start, 1, 1);
    params.not_after = rcgen::date_time_ymd(years.end, 1, 1);
    (params, KeyPair::generate().expect("a key"))
}

/// This computer's address in its network: no loopback, so that requests to it go through a proxy.
pub(super) fn own_address() -> IpAddr {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).expect("a socket");
    // Nothing is sent: connecting only chooses the interface.
    socket
        .connect(("203.0.113.1", 9))
        .expect("this computer needs an address besides loopback for the tests with a proxy");
    socket.local_addr().expect("it is bound").ip()
}

/// The server in Python; over TLS with a certificate.
pub(super) fn server(address: IpAddr, pair: Option<&Pair>) -> Running {
    let mut command = Command::new("python3");
    command.arg(root().join("tests/servers/preflight/server.py")).arg(address.to_string());
    if let Some(pair) = pair {
        command.arg(&pair.certificate).arg(&pair.key);
    }
    started(command)
}

fn started(mut command: Command) -> Running {
    let mut child = command
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is there");
    let mut line = String::new();
    let output = child.stdout.take().expect("it is piped");
    BufReader::new(output).read_line(&mut line).expect("it says where it listens");
    let port = line.trim().strip_prefix("Listening at ").and_then(|port| port.parse().ok());
    Running { child, port: port.unwrap_or_else(|| panic!("it said {line:?}")) }
}

/// The same on Python's plain HTTPServer: one connection at a time, which it keeps open.
pub(super) fn server_of_one_connection(pair: Option<&Pair>) -> Running {
    let file = root().join("tests/servers/preflight/server.py");
    let program = fs::read_to_string(file).expect("the server's file").replace("ThreadingHTTPServer", "HTTPServer");
    let mut command = Command::new("python3");
    command.args(["-c", &program, "127.0.0.1"]);
    if let Some(pair) = pair {
        command.arg(&pair.certificate).arg(&pair.key);
    }
    started(command)
}

/// OpenSSL's own server, held to TLS 1.1.
pub(super) fn old_tls(pair: &Pair) -> Running {
    openssl(pair, &["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"])
}

/// OpenSSL's own server with these options.
pub(super) fn openssl(pair: &Pair, options: &[&str]) -> Running {
    let port = free_port();
    let child = Command::new("openssl")
        .args(["s_server", "-quiet"])
        .args(options)
        .arg("-accept")
        .arg(format!("127.0.0.1:{port}"))
        .arg("-cert")
        .arg(&pair.certificate)
        .arg("-key")
        .arg(&pair.key)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("openssl is there");
    listening(Running { child, port })
}

/// tinyproxy; `login` is what it wants, `ports` those to which it connects, none meaning all.
pub(super) fn tinyproxy(folder: &Path, login: Option<(&str, &str)>, ports: &[u16]) -> Running {
    let port = free_port();
    let mut settings = format!("Port {port}\nListen 127.0.0.1\nTimeout 60\nMaxClients 50\nLogLevel Warning\n");
    if let Some((name, password)) = login {
        settings.push_str(&format!("BasicAuth {name} {password}\n"));
    }
    for port in ports {
        settings.push_str(&format!("ConnectPort {port}\n"));
    }
    let file = folder.join(format!("tinyproxy-{port}.conf"));
    fs::write(&file, settings).expect("written");
    let child = Command::new("tinyproxy")
        .args(["-d", "-c"])
        .arg(&file)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("tinyproxy is missing: .ci/packages test installs it");
    listening(Running { child, port })
}

fn listening(running: Running) -> Running {
    let began = Instant::now();
    while TcpStream::connect(("127.0.0.1", running.port)).is_err() {
        assert!(began.elapsed() < Duration::from_secs(20), "nobody listens on port {}", running.port);
        thread::sleep(Duration::from_millis(20));
    }
    running
}

pub(super) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("it is bound").port()
}

/// A port that takes connections and says nothing.
pub(super) fn silent_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("it is bound").port();
    thread::spawn(move || {
        let taken: Vec<_> = listener.incoming().flatten().collect();
        drop(taken);
    });
    port
}

/// Runs `usher-cli check` in a process of its own, with this in its environment and no other proxy or trust.
pub(super) fn check(url: &str, idp: &str, variables: &[(&str, &str)]) -> serde_json::Value {
    let mut command = Command::new(crate::support::tools::built("usher-cli"));
    for name in ["SSL_CERT_FILE", "SSL_CERT_DIR", "USHER_LOG", "USHER_TOKEN"] {
        command.env_remove(name);
    }
    for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
        command.env_remove(name).env_remove(name.to_uppercase());
    }
    let mut child = command
        .args(["check", "--json", "--timeout", "3", "--idp", idp, "--url", url])
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    child.stdin.take().expect("it is piped").write_all(TOKEN.as_bytes()).expect("it reads the token");
    let mut errors = String::new();
    let mut said = child.stderr.take().expect("it is piped");
    let output = child.wait_with_output().expect("it ends");
    said.read_to_string(&mut errors).expect("it is text");
    let text = String::from_utf8(output.stdout).expect("it is text");
    assert!(!text.contains(TOKEN) && !errors.contains(TOKEN), "the token is shown: {text}{errors}");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}{errors}"))
}
