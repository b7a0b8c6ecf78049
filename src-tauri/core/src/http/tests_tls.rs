//! TLS and proxy. The trust store and the proxy come from the environment, so those tests run themselves once more in a
//! process of their own with `SSL_CERT_FILE` or `HTTPS_PROXY` set.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::{process::Command, sync::Arc, time::Duration};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use tokio::{io::AsyncWriteExt, net::TcpListener};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::aws_lc_rs,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    },
};

use super::{
    Http, Journal, Limits, Request,
    hostile::{Hostile, Reply, json},
};
use crate::{Code, Problem};

/// Set in the child process.
const CHILD: &str = "USHER_TEST_CHILD";

async fn ask(url: &str) -> Result<super::Answer, Problem> {
    let http = Http::with(Limits { total: Duration::from_secs(5), ..Limits::default() }).unwrap();
    http.send(Request::get(url.parse().unwrap()), &Journal::new()).await
}

/// A server with that certificate; its port.
async fn tls_server(certificate: rcgen::Certificate, key: &KeyPair) -> u16 {
    let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], private)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(mut stream) = acceptor.accept(stream).await {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}").await;
                let _ = stream.shutdown().await;
            }
        }
    });
    port
}

#[tokio::test]
async fn self_signed_is_named() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let port = tls_server(made.cert, &made.signing_key).await;
    let problem = ask(&format!("https://localhost:{port}/")).await.expect_err("not trusted");
    assert_eq!(problem.code, Code::Tls);
    assert!(problem.message.contains("self-signed") && problem.hints[0].text.contains("trust store"), "{problem:?}");
}

#[tokio::test]
async fn plain_http_behind_https_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").await;
        std::future::pending::<()>().await;
    });
    let problem = ask(&format!("https://127.0.0.1:{port}/")).await.expect_err("no TLS");
    assert_eq!(problem.code, Code::Tls, "{problem:?}");
    assert!(problem.message.contains("does not speak the TLS"), "{problem:?}");
}

#[tokio::test]
async fn alerts_are_told_apart_and_do_not_say_that_nothing_was_sent() {
    for (alert, words) in [
        (0x74, "asks for a client certificate"),
        (0x28, "no common cipher or version"),
        (0x47, "no common cipher or version"),
        (0x70, "nothing under this name"),
        (0x50, "with an alert"),
        (0x46, "TLS 1.1 or older"),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut hello = [0; 512];
                let _ = tokio::io::AsyncReadExt::read(&mut stream, &mut hello).await;
                let _ = stream.write_all(&[0x15, 0x03, 0x03, 0x00, 0x02, 0x02, alert]).await;
            }
        });
        let problem = ask(&format!("https://127.0.0.1:{port}/")).await.expect_err("an alert");
        assert_eq!(problem.code, Code::Tls, "{problem:?}");
        assert!(problem.message.contains(words), "{alert:#x}: {problem:?}");
        assert!(alert == 0x46 || !problem.message.contains("Nothing was sent"), "{problem:?}");
    }
}

fn rerun(test: &str, variables: &[(&str, &str)]) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", &format!("http::tests_tls::{test}"), "--nocapture"]).env(CHILD, "1");
    for name in [
        "SSL_CERT_DIR",
        "HTTPS_PROXY",
        "https_proxy",
        "HTTP_PROXY",
        "http_proxy",
        "ALL_PROXY",
        "all_proxy",
        "NO_PROXY",
        "no_proxy",
    ] {
        command.env_remove(name);
    }
    let output = command.envs(variables.iter().copied()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && text.contains("1 passed"),
        "{text}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn the_systems_trust_store_is_used() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ca.pem");
    let key_path = folder.path().join("ca.key");
    let key = KeyPair::generate().unwrap();
    std::fs::write(&path, authority().self_signed(&key).unwrap().pem()).unwrap();
    std::fs::write(&key_path, key.serialize_pem()).unwrap();
    rerun(
        "child_trusts_the_authority",
        &[("SSL_CERT_FILE", path.to_str().unwrap()), ("USHER_TEST_KEY", key_path.to_str().unwrap())],
    );
}

fn authority() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, "Usher test authority");
    params
}

#[tokio::test]
async fn child_trusts_the_authority() {
    if std::env::var_os(CHILD).is_none() {
        return;
    }
    let pem = std::fs::read_to_string(std::env::var("USHER_TEST_KEY").unwrap()).unwrap();
    let authority_key = KeyPair::from_pem(&pem).unwrap();
    let params = authority();
    let issuer = Issuer::from_params(&params, &authority_key);
    for (name, years, expected) in [
        ("localhost", 2000..3000, None),
        ("other.example", 2000..3000, Some("another name")),
        ("localhost", 2000..2001, Some("has expired")),
        ("localhost", 2999..3000, Some("not valid yet")),
    ] {
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.not_before = rcgen::date_time_ymd(years.start, 1, 1);
        params.not_after = rcgen::date_time_ymd(years.end, 1, 1);
        let key = KeyPair::generate().unwrap();
        let port = tls_server(params.signed_by(&key, &issuer).unwrap(), &key).await;
        let asked = ask(&format!("https://localhost:{port}/")).await;
        match expected {
            None => assert!(asked.expect("SSL_CERT_FILE is honoured").is_success()),
            Some(words) => {
                let problem = asked.expect_err(words);
                assert!(problem.code == Code::Tls && problem.message.contains(words), "{problem:?}");
            }
        }
    }
}

#[tokio::test]
async fn proxies_are_honoured_and_named() {
    if std::env::var_os(CHILD).is_some() {
        return;
    }
    for (answer, words) in [(407, "wants a user name and a password"), (502, "did not open a connection")] {
        let proxy = Hostile::start(move |_| {
            Reply::Http(answer, vec![("proxy-authenticate", "Basic".to_owned())], String::new())
        })
        .await;
        let (url, expected) = (proxy.url.to_string(), words.to_owned());
        tokio::task::spawn_blocking(move || {
            rerun(
                "child_asks_through_the_proxy",
                &[("HTTPS_PROXY", &url), ("HTTP_PROXY", &url), ("USHER_TEST_WORDS", &expected)],
            )
        })
        .await
        .unwrap();
        assert_eq!(
            proxy.asks().iter().map(|ask| ask.method.as_str()).collect::<Vec<_>>(),
            ["CONNECT"],
            "loopback went past it"
        );
    }
    tokio::task::spawn_blocking(|| {
        rerun(
            "child_asks_through_the_proxy",
            &[("HTTPS_PROXY", "http://127.0.0.1:9"), ("USHER_TEST_WORDS", "did not open a connection")],
        )
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn child_asks_through_the_proxy() {
    if std::env::var_os(CHILD).is_none() {
        return;
    }
    let problem = ask("https://scim.example.com/").await.expect_err("the proxy refuses");
    assert_eq!(problem.code, Code::Proxy, "{problem:?}");
    assert!(problem.message.contains(&std::env::var("USHER_TEST_WORDS").unwrap()), "{problem:?}");
    assert!(problem.message.contains("127.0.0.1:"), "names the proxy: {problem:?}");
    let near = Hostile::start(|_| json("{}")).await;
    assert!(ask(near.url.as_str()).await.unwrap().is_success());
}
