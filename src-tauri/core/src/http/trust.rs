//! Whom a TLS connection trusts: the operating system's store, one and the same for the client and for the preflight
//! that looks at certificates.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use rustls::{
    ClientConfig, DigitallySignedStruct, DistinguishedName, SignatureScheme,
    client::{
        ResolvesClientCert,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, ServerName, UnixTime},
    sign::CertifiedKey,
};

use super::certificate::Certificate;
use crate::error::Problem;

/// Certificates of one chain that are looked at.
const CHAIN: usize = 8;

/// The verifier, and the client's TLS with it.
#[derive(Debug, Clone)]
pub(super) struct Trust {
    pub(super) config: ClientConfig,
    verifier: Arc<dyn ServerCertVerifier>,
}

impl Trust {
    /// With the operating system's trust store.
    pub(super) fn of_this_system() -> Result<Self, Problem> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier =
            rustls_platform_verifier::Verifier::new(provider.clone()).map_err(|_| super::no_trust_store())?;
        let verifier: Arc<dyn ServerCertVerifier> = Arc::new(verifier);
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|_| super::no_trust_store())?
            .dangerous()
            .with_custom_certificate_verifier(verifier.clone())
            .with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self { config, verifier })
    }

    /// The same, keeping what the server shows.
    pub(super) fn keeping(&self) -> (ClientConfig, Arc<Keeping>) {
        let keeping = Arc::new(Keeping {
            verifier: self.verifier.clone(),
            chain: Mutex::default(),
            asked: AtomicBool::new(false),
        });
        let mut config = self.config.clone();
        config.dangerous().set_certificate_verifier(keeping.clone());
        config.client_auth_cert_resolver = keeping.clone();
        (config, keeping)
    }
}

/// Judges as the system does, and remembers the certificates that it judged, also those that it refused.
#[derive(Debug)]
pub(super) struct Keeping {
    verifier: Arc<dyn ServerCertVerifier>,
    chain: Mutex<Vec<Certificate>>,
    asked: AtomicBool,
}

impl Keeping {
    /// The server's certificate first.
    pub(super) fn chain(&self) -> Vec<Certificate> {
        self.chain.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether the server asks the client for a certificate. Many do and go on without one.
    pub(super) fn asks_for_certificate(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }
}

impl ResolvesClientCert for Keeping {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.asked.store(true, Ordering::Relaxed);
        None
    }

    fn has_certs(&self) -> bool {
        false
    }
}

impl ServerCertVerifier for Keeping {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let shown = std::iter::once(end_entity).chain(intermediates).take(CHAIN);
        let read = shown.map_while(|der| Certificate::read(der)).collect();
        *self.chain.lock().unwrap_or_else(PoisonError::into_inner) = read;
        self.verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.verifier.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.verifier.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }

    fn root_hint_subjects(&self) -> Option<&[DistinguishedName]> {
        self.verifier.root_hint_subjects()
    }
}
