//! A target on loopback that answers as a test says: HTTP by hand, so that it can break off, keep silent or never end.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::JoinHandle,
};

/// What was asked.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) method: String,
    /// With the query.
    pub(crate) path: String,
    /// The token of `Authorization: Bearer`.
    pub(crate) token: Option<String>,
}

/// What is answered.
pub(crate) enum Reply {
    /// A whole answer: status, headers, body.
    Whole(u16, Vec<(&'static str, String)>, String),
    /// Says that it is longer than it is, and breaks off after the body.
    CutOff(String),
    /// Begins with this and goes on with blanks, up to 1 GB.
    Endless(String),
    /// This, but not before the gate is opened.
    Gated(Arc<Notify>, Box<Reply>),
    /// Nothing, as long as anybody waits.
    Silence,
    /// The line is closed at once.
    HangUp,
}

/// JSON with a status.
pub(crate) fn json(status: u16, body: impl Into<String>) -> Reply {
    Reply::Whole(status, vec![("content-type", "application/json".into())], body.into())
}

/// A list without anybody in it, as SCIM answers a search without a hit (RFC 7644 section 3.4.2).
pub(crate) fn nobody() -> Reply {
    json(200, r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0,"Resources":[]}"#)
}

/// It runs until it is dropped.
pub(crate) struct Target {
    pub(crate) address: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    sent: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

type Answer = dyn Fn(&Asked) -> Reply + Send + Sync;

impl Target {
    pub(crate) async fn start(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let address = format!("http://{}", listener.local_addr().expect("it is bound"));
        let (asked, sent) = (Arc::<Mutex<Vec<Asked>>>::default(), Arc::<AtomicUsize>::default());
        let answer: Arc<Answer> = Arc::new(answer);
        let (seen, written) = (asked.clone(), sent.clone());
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, answer.clone(), seen.clone(), written.clone()));
            }
        });
        Self { address, asked, sent, task }
    }

    /// Where the recipes find it.
    pub(crate) fn addresses(&self) -> BTreeMap<String, String> {
        let all = [
            ("api_base_url", String::new()),
            ("scim_base_url", "/v1alpha1/scimproxy".to_owned()),
            ("entra_url", "/entra".to_owned()),
            ("okta_url", "/okta".to_owned()),
            ("portal_url", "/portal".to_owned()),
        ];
        all.into_iter().map(|(name, path)| (name.to_owned(), format!("{}{path}", self.address))).collect()
    }

    /// The requests so far, as `METHOD path`.
    pub(crate) fn asked(&self) -> Vec<String> {
        let asked = self.asked.lock().expect("nobody panics while holding it");
        asked.iter().map(|asked| format!("{} {}", asked.method, asked.path)).collect()
    }

    /// Tokens that came along.
    pub(crate) fn tokens(&self) -> Vec<String> {
        self.asked
            .lock()
            .expect("nobody panics while holding it")
            .iter()
            .filter_map(|asked| asked.token.clone())
            .collect()
    }

    /// Bytes of an endless answer that the other side took.
    pub(crate) fn sent(&self) -> usize {
        self.sent.load(Ordering::SeqCst)
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, answer: Arc<Answer>, seen: Arc<Mutex<Vec<Asked>>>, sent: Arc<AtomicUsize>) {
    let Some(asked) = read(&mut stream).await else { return };
    seen.lock().expect("nobody panics while holding it").push(asked.clone());
    let mut reply = answer(&asked);
    while let Reply::Gated(gate, inner) = reply {
        gate.notified().await;
        reply = *inner;
    }
    // A client that has hung up is no matter here.
    let _ = write(&mut stream, reply, &sent).await;
    let _ = stream.shutdown().await;
}

async fn write(stream: &mut TcpStream, reply: Reply, sent: &AtomicUsize) -> std::io::Result<()> {
    match reply {
        Reply::Whole(status, headers, body) => {
            let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
            let length = body.len();
            let text =
                format!("HTTP/1.1 {status} X\r\n{lines}content-length: {length}\r\nconnection: close\r\n\r\n{body}");
            stream.write_all(text.as_bytes()).await
        }
        Reply::CutOff(body) => {
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
                body.len() + 100
            );
            stream.write_all(format!("{head}{body}").as_bytes()).await
        }
        Reply::Endless(start) => {
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1000000000\r\n\r\n";
            stream.write_all(format!("{head}{start}").as_bytes()).await?;
            while sent.load(Ordering::SeqCst) < 1_000_000_000 {
                stream.write_all(&[b' '; 65_536]).await?;
                sent.fetch_add(65_536, Ordering::SeqCst);
            }
            Ok(())
        }
        Reply::Gated(..) => panic!("the gate is open by now"),
        Reply::Silence => std::future::pending().await,
        Reply::HangUp => Ok(()),
    }
}

async fn read(stream: &mut TcpStream) -> Option<Asked> {
    let (mut bytes, mut chunk) = (Vec::new(), [0; 4_096]);
    while !bytes.windows(4).any(|window| window == b"\r\n\r\n") {
        match stream.read(&mut chunk).await {
            Ok(length) if length > 0 => bytes.extend_from_slice(&chunk[..length]),
            _ => return None,
        }
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let mut first = text.split_whitespace();
    let token = text.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("authorization").then(|| value.trim_start_matches("Bearer ").to_owned())
    });
    Some(Asked { method: first.next()?.to_owned(), path: first.next()?.to_owned(), token })
}
