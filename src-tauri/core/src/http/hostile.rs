//! A server on loopback that does what servers should not. For tests only.
#![expect(clippy::expect_used, reason = "a test may stop at the first surprise")]

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use url::Url;

/// What was asked.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) method: String,
    pub(crate) path: String,
    /// The header lines, lower case.
    pub(crate) head: String,
}

/// What is answered.
pub(crate) enum Reply {
    /// A whole HTTP answer; `Content-Length` and `Connection: close` are added.
    Http(u16, Vec<(&'static str, String)>, String),
    /// These bytes, then the end.
    Raw(Vec<u8>),
    /// These bytes, then nothing for ever.
    Stall(Vec<u8>),
    /// Nothing, for ever.
    Silent,
    /// The end at once.
    Close,
    /// A body without end.
    Flood,
    /// Another reply, this much later.
    Late(Duration, Box<Reply>),
}

/// JSON with status 200.
pub(crate) fn json(body: &str) -> Reply {
    status(200, body)
}

/// JSON with another status.
pub(crate) fn status(status: u16, body: &str) -> Reply {
    Reply::Http(status, vec![("content-type", "application/scim+json".to_owned())], body.to_owned())
}

/// A running server; it ends when dropped.
pub(crate) struct Hostile {
    pub(crate) url: Url,
    asks: Arc<Mutex<Vec<Ask>>>,
    task: JoinHandle<()>,
}

impl Hostile {
    pub(crate) async fn start(answer: impl Fn(&Ask) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("BUG: loopback has a free port");
        let port = listener.local_addr().expect("BUG: it is bound").port();
        let asks = Arc::new(Mutex::new(Vec::new()));
        let (answer, seen) = (Arc::new(answer), Arc::clone(&asks));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (answer, seen) = (Arc::clone(&answer), Arc::clone(&seen));
                tokio::spawn(async move { serve(stream, &*answer, &seen).await });
            }
        });
        let url = format!("http://127.0.0.1:{port}").parse().expect("BUG: a URL");
        Self { url, asks, task }
    }

    pub(crate) fn asks(&self) -> Vec<Ask> {
        self.asks.lock().expect("BUG: no test panics while holding it").clone()
    }

    pub(crate) fn base(&self) -> String {
        format!("{}scim/v2", self.url)
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, answer: &(dyn Fn(&Ask) -> Reply + Send + Sync), seen: &Mutex<Vec<Ask>>) {
    let Some(ask) = read(&mut stream).await else {
        return;
    };
    seen.lock().expect("BUG: no test panics while holding it").push(ask.clone());
    let mut reply = answer(&ask);
    while let Reply::Late(wait, later) = reply {
        tokio::time::sleep(wait).await;
        reply = *later;
    }
    let _ = match reply {
        Reply::Http(status, headers, body) => {
            let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
            let head =
                format!("HTTP/1.1 {status} X\r\n{lines}content-length: {}\r\nconnection: close\r\n\r\n", body.len());
            stream.write_all(format!("{head}{body}").as_bytes()).await
        }
        Reply::Raw(bytes) => stream.write_all(&bytes).await,
        Reply::Stall(bytes) => {
            let _ = stream.write_all(&bytes).await;
            std::future::pending().await
        }
        Reply::Silent => std::future::pending().await,
        Reply::Close => Ok(()),
        Reply::Flood => flood(&mut stream).await,
        Reply::Late(..) => unreachable!("BUG: waited for above"),
    };
    let _ = stream.shutdown().await;
}

async fn flood(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n").await?;
    loop {
        stream.write_all(&[b' '; 65_536]).await?;
    }
}

async fn read(stream: &mut TcpStream) -> Option<Ask> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4_096];
    while !bytes.windows(4).any(|window| window == b"\r\n\r\n") {
        match stream.read(&mut chunk).await {
            Ok(length) if length > 0 => bytes.extend_from_slice(&chunk[..length]),
            _ => return None,
        }
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let mut first = text.split_whitespace();
    Some(Ask { method: first.next()?.to_owned(), path: first.next()?.to_owned(), head: text.to_lowercase() })
}
