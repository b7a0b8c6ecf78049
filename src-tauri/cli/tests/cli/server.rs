//! Small servers on loopback: one function answers every request; what was asked is remembered.

use std::{
    io::{BufRead as _, BufReader},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use tokio_rustls::rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};

/// A server that lives as long as the test program.
pub(crate) struct Server {
    pub(crate) port: u16,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Answers each request with what `answer` makes of its head.
    pub(crate) fn start(answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::serve(move |stream, heads| talk(stream, heads, &answer))
    }

    /// The same over TLS, with a certificate of its own for 127.0.0.1. Returns the certificate as PEM.
    pub(crate) fn start_tls(answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> (Self, String) {
        let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).expect("a certificate");
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .expect("a server's set-up");
        let config = Arc::new(config);
        let server = Self::serve(move |stream, heads| {
            let session = ServerConnection::new(config.clone()).expect("a TLS session");
            talk(StreamOwned::new(session, stream), heads, &answer);
        });
        (server, made.cert.pem())
    }

    fn serve(talk: impl Fn(TcpStream, &Mutex<Vec<String>>) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let (talk, kept) = (Arc::new(talk), heads.clone());
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (talk, heads) = (talk.clone(), kept.clone());
                thread::spawn(move || talk(stream, &heads));
            }
        });
        Self { port, heads }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The heads of all requests so far.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.heads.lock().expect("no test panicked in here").clone()
    }
}

fn talk(
    mut stream: impl std::io::Read + std::io::Write,
    heads: &Mutex<Vec<String>>,
    answer: &impl Fn(&str) -> Vec<u8>,
) {
    let mut head = String::new();
    {
        let mut reader = BufReader::new(&mut stream);
        while !head.ends_with("\r\n\r\n") {
            if !matches!(reader.read_line(&mut head), Ok(count) if count > 0) {
                return;
            }
        }
    }
    heads.lock().expect("no test panicked in here").push(head.clone());
    // The program may have gone already; that is for the test to judge.
    let _ = stream.write_all(&answer(&head));
    let _ = stream.flush();
}

/// An answer with a status line, a media type and a body.
pub(crate) fn reply(status: &str, media_type: &str, body: &str) -> Vec<u8> {
    reply_with(status, &format!("Content-Type: {media_type}\r\n"), body)
}

/// With header lines of its own.
pub(crate) fn reply_with(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
        .into_bytes()
}

/// An answer that does not come while the test runs.
pub(crate) fn silence() -> Vec<u8> {
    thread::sleep(Duration::from_secs(30));
    Vec::new()
}

/// A small SCIM server: one user, one group; a filter finds nobody.
pub(crate) fn scim(head: &str) -> Vec<u8> {
    let path = head.split(' ').nth(1).unwrap_or_default();
    let filtered = path.contains("filter=");
    let body = match path.split('?').next().unwrap_or_default() {
        "/scim/Users" if filtered => list(&[]),
        "/scim/Groups" if filtered => list(&[]),
        "/scim/Users" => list(&[
            r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"u1","userName":"ada@example.com","active":true}"#,
        ]),
        "/scim/Groups" => {
            list(&[r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"id":"g1","displayName":"Staff"}"#])
        }
        _ => return refusal("404 Not Found", "Nothing here."),
    };
    reply("200 OK", "application/scim+json", &body)
}

/// A SCIM error.
pub(crate) fn refusal(status: &str, detail: &str) -> Vec<u8> {
    let code = status.split(' ').next().unwrap_or_default();
    let detail = serde_json::Value::from(detail);
    let body =
        format!(r#"{{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"{code}","detail":{detail}}}"#);
    reply(status, "application/scim+json", &body)
}

fn list(resources: &[&str]) -> String {
    format!(
        r#"{{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":{count},"startIndex":1,"itemsPerPage":{count},"Resources":[{all}]}}"#,
        count = resources.len(),
        all = resources.join(",")
    )
}
