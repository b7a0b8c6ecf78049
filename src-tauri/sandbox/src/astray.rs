//! Addresses that lead nowhere good: a port at which nobody listens, and one whose certificate nobody trusts. With a fault, the target's
//! console shows one of them in place of its own.

use std::sync::Arc;

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpSocket, TcpStream},
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
    },
};

use crate::{StartError, world::Shared};

/// Signed by itself, for localhost and 127.0.0.1, and for the year 2020 alone. The key is as public as this file: it protects nothing.
const CERTIFICATE: &[u8] = include_bytes!("../assets/expired.cert.der");
const KEY: &[u8] = include_bytes!("../assets/expired.key.der");

pub(crate) struct Astray {
    /// Bound and never listened at: whoever knocks is refused at once, and nobody else gets the port.
    nobody: TcpSocket,
    tls_port: Option<u16>,
}

/// The port with the certificate, before anybody is served there.
pub(crate) struct Distrusted {
    listener: TcpListener,
    acceptor: TlsAcceptor,
}

impl Astray {
    pub(crate) async fn begin() -> Result<(Astray, Distrusted), StartError> {
        let listen = |source| StartError::Listen { port: 0, source };
        let nobody = TcpSocket::new_v4().map_err(listen)?;
        nobody.bind(([127, 0, 0, 1], 0).into()).map_err(listen)?;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(listen)?;
        let tls_port = listener.local_addr().ok().map(|address| address.port());
        let distrusted = Distrusted { listener, acceptor: acceptor()? };
        Ok((Astray { nobody, tls_port }, distrusted))
    }

    /// Where nobody answers.
    pub(crate) fn nobody(&self) -> String {
        let port = self.nobody.local_addr().map_or(1, |address| address.port());
        format!("http://127.0.0.1:{port}")
    }

    /// Where the certificate is no good.
    pub(crate) fn distrusted(&self) -> String {
        format!("https://127.0.0.1:{}", self.tls_port.unwrap_or(443))
    }

    pub(crate) fn tls_port(&self) -> Option<u16> {
        self.tls_port
    }
}

fn acceptor() -> Result<TlsAcceptor, StartError> {
    let failed = |error: tokio_rustls::rustls::Error| StartError::Certificate(error.to_string());
    let provider = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(KEY));
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(failed)?
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(CERTIFICATE)], key)
        .map_err(failed)?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Whoever takes the certificate all the same reaches the world behind it.
pub(crate) async fn serve(distrusted: Distrusted, shared: Arc<Shared>) {
    loop {
        let knock = tokio::select! {
            knock = distrusted.listener.accept() => knock,
            () = shared.stop.cancelled() => return,
        };
        let Ok((stream, _)) = knock else { continue };
        let (acceptor, shared) = (distrusted.acceptor.clone(), shared.clone());
        tokio::spawn(async move {
            let pass_on = async {
                let mut outside = acceptor.accept(stream).await?;
                let mut inside = TcpStream::connect(("127.0.0.1", shared.port)).await?;
                copy_bidirectional(&mut outside, &mut inside).await
            };
            tokio::select! {
                ended = pass_on => if let Err(error) = ended { tracing::debug!(%error, "a TLS connection of the practice world ended") },
                () = shared.stop.cancelled() => {}
            }
        });
    }
}
