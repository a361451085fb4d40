//! The cryptography under the verifier: Ed25519 strict, ECDSA P-256, SHA-2. RSA, P-384 and ML-DSA are refused.

use std::sync::OnceLock;

use p256::ecdsa::{DerSignature, VerifyingKey, signature::Verifier};
use sha2::{Digest, Sha256, Sha384, Sha512};
use sigstore_crypto::{CryptoProvider, Error, HashContext, SigningScheme};
use sigstore_types::HashAlgorithm;

use crate::keys::PublicKey;

#[derive(Debug)]
struct Provider;

/// Makes this process verify with our provider. Called before every use of the verifier.
pub(super) fn install() {
    static INSTALLED: OnceLock<bool> = OnceLock::new();
    let ours = *INSTALLED.get_or_init(|| sigstore_crypto::install_default_provider(&Provider).is_ok());
    assert!(ours, "no other part of this program installs a provider for sigstore-crypto");
}

struct Context<D>(D);

impl<D: Digest + Send> HashContext for Context<D> {
    fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    fn finalize(self: Box<Self>) -> Vec<u8> {
        self.0.finalize().to_vec()
    }
}

impl CryptoProvider for Provider {
    fn hash(&self, algorithm: HashAlgorithm) -> Result<Box<dyn HashContext>, Error> {
        Ok(match algorithm {
            HashAlgorithm::Sha2256 => Box::new(Context(Sha256::new())),
            HashAlgorithm::Sha2384 => Box::new(Context(Sha384::new())),
            HashAlgorithm::Sha2512 => Box::new(Context(Sha512::new())),
            other => return Err(Error::UnsupportedAlgorithm(format!("{other:?}"))),
        })
    }

    fn verify_raw(
        &self,
        scheme: SigningScheme,
        key: &[u8],
        data: &[u8],
        signature: &[u8],
    ) -> Result<(), Error> {
        let valid = match scheme {
            SigningScheme::Ed25519 => verify_ed25519(key, data, signature),
            SigningScheme::EcdsaP256Sha256 => verify_p256(key, data, signature),
            other => return Err(Error::UnsupportedAlgorithm(format!("{other:?}"))),
        };
        if valid { Ok(()) } else { Err(Error::Verification("the signature is not valid".into())) }
    }

    fn verify_prehashed(&self, scheme: SigningScheme, _: &[u8], _: &[u8], _: &[u8]) -> Result<(), Error> {
        Err(Error::UnsupportedAlgorithm(format!("{scheme:?} over a digest")))
    }
}

fn verify_ed25519(key: &[u8], data: &[u8], signature: &[u8]) -> bool {
    let key = <[u8; 32]>::try_from(key).ok().and_then(|bytes| PublicKey::from_bytes(bytes).ok());
    key.is_some_and(|key| key.verifies(data, signature))
}

fn verify_p256(key: &[u8], data: &[u8], signature: &[u8]) -> bool {
    let (Ok(key), Ok(signature)) = (VerifyingKey::from_sec1_bytes(key), DerSignature::try_from(signature))
    else {
        return false;
    };
    key.verify(data, &signature).is_ok()
}
