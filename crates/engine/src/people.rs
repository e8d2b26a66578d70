//! Names of people: sealed in ops under a key per person, open only in memory.

use std::collections::BTreeMap;
use std::sync::RwLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use millwright_local_db::Session;
use millwright_model::{Alias, Entity, Person, PersonId, PersonView};

use crate::EngineError;
use crate::ports::Mint;
use crate::vault::{Vault, open_with, seal_with};

pub(crate) const KEY_PURPOSE: &str = "person_key";

/// The people of this device with their names, in memory.
#[derive(Default)]
pub(crate) struct People {
    known: RwLock<BTreeMap<PersonId, PersonView>>,
    /// Who gave way to whom: two records of one person.
    stands: RwLock<BTreeMap<PersonId, PersonId>>,
}

impl People {
    pub(crate) async fn load(&self, session: &mut Session, vault: &Vault) -> Result<(), EngineError> {
        let keys = opened_keys(session, vault).await?;
        let mut known = BTreeMap::new();
        for person in session.people().await? {
            let key = keys.get(&person.person_id);
            let open =
                |sealed: &str| String::from_utf8(open_with(key?, &STANDARD.decode(sealed).ok()?)?).ok();
            let view = PersonView {
                person_id: person.person_id,
                name: open(&person.sealed_name),
                erp_number: person.sealed_erp_number.as_deref().and_then(open),
                language: person.language,
                role: person.role.unwrap_or_default(),
            };
            known.insert(view.person_id, view);
        }
        let mut stands = BTreeMap::new();
        let joined = session.all::<Alias>().await?;
        for alias in joined.iter().filter(|alias| alias.record_kind == Entity::Person) {
            stands.insert(PersonId(alias.alias_id.0), PersonId(session.stands_for(alias.alias_id.0).await?));
        }
        *self.known.write().map_err(EngineError::internal)? = known;
        *self.stands.write().map_err(EngineError::internal)? = stands;
        Ok(())
    }

    /// The person that a record of a person stands for: itself, or the one that it gave way to.
    pub(crate) fn stands_for(&self, person_id: PersonId) -> PersonId {
        self.stands.read().ok().and_then(|stands| stands.get(&person_id).copied()).unwrap_or(person_id)
    }

    pub(crate) fn all(&self) -> Vec<PersonView> {
        let mut all: Vec<PersonView> =
            self.known.read().map(|known| known.values().cloned().collect()).unwrap_or_default();
        all.sort_by(|left, right| left.name.cmp(&right.name));
        all
    }

    pub(crate) fn get(&self, person_id: PersonId) -> Option<PersonView> {
        self.known.read().ok()?.get(&self.stands_for(person_id)).cloned()
    }

    pub(crate) fn name(&self, person_id: Option<PersonId>) -> Option<String> {
        self.get(person_id?)?.name
    }

    pub(crate) fn by_erp_number(&self, number: &str) -> Option<PersonId> {
        let known = self.known.read().ok()?;
        known
            .values()
            .find(|person| person.erp_number.as_deref() == Some(number))
            .map(|person| person.person_id)
    }
}

/// The number that the ERP has for a person, from their sealed row; nothing where there is none, or no key.
pub(crate) async fn number_of(
    session: &mut Session,
    vault: &Vault,
    person_id: PersonId,
    sealed: &str,
) -> Result<Option<String>, EngineError> {
    let keys = opened_keys(session, vault).await?;
    let open = |key: &[u8; 32]| String::from_utf8(open_with(key, &STANDARD.decode(sealed).ok()?)?).ok();
    Ok(keys.get(&person_id).and_then(open))
}

/// The keys of people, opened.
pub(crate) async fn opened_keys(
    session: &mut Session,
    vault: &Vault,
) -> Result<BTreeMap<PersonId, [u8; 32]>, EngineError> {
    let sealed = session.person_keys().await?.into_iter();
    let opened = sealed.filter_map(|(person_id, sealed)| {
        Some((person_id, vault.open_sealed(KEY_PURPOSE, &sealed)?.try_into().ok()?))
    });
    Ok(opened.collect())
}

/// What identifies a person, sealed under the key that they have.
pub(crate) fn sealed_again(key: &[u8; 32], plain: &str, mint: &dyn Mint) -> Result<String, EngineError> {
    seal_with(key, plain.as_bytes(), mint).map(|sealed| STANDARD.encode(sealed))
}

/// A person's row with their name sealed, and their key sealed to this device.
pub(crate) fn sealed_person(
    person_id: PersonId,
    name: &str,
    erp_number: Option<&str>,
    language: &str,
    vault: &Vault,
    mint: &dyn Mint,
) -> Result<(Person, Vec<u8>), EngineError> {
    let key = mint.secret();
    let seal = |plain: &str| seal_with(&key, plain.as_bytes(), mint).map(|sealed| STANDARD.encode(sealed));
    let person = Person {
        person_id,
        sealed_name: seal(name)?,
        sealed_erp_number: erp_number.map(seal).transpose()?,
        language: language.to_owned(),
        left_at: None,
        role: None,
    };
    Ok((person, vault.seal(KEY_PURPOSE, &key, mint)?))
}
