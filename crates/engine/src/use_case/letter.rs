//! The exchange as a file, as people see it: a letter to be carried to the node, and its answer to be carried back.

use millwright_model::{
    LetterAnswerFile, LetterTaken, LetterWritten, Refusal, TeamLetterTake, TeamLetterWrite,
};
use millwright_team::LETTER_MAX_BYTES;

use crate::EngineError;
use crate::engine::Inner;
use crate::team::{base64_of, from_base64, letter};

/// What a letter's file is called at its end.
const EXTENSION: &str = "millwright-letter";

pub(crate) async fn write(engine: &Inner, _command: TeamLetterWrite) -> Result<LetterWritten, EngineError> {
    let written = letter::write(engine).await?;
    Ok(LetterWritten {
        file_name: format!("{}-{}.{EXTENSION}", engine.device.code(), engine.now().0),
        bytes_base64: base64_of(&written.bytes),
        transactions: written.transactions,
        photos: written.photos,
        photos_left: written.photos_left,
    })
}

pub(crate) async fn take(engine: &Inner, command: TeamLetterTake) -> Result<LetterTaken, EngineError> {
    // Base64 takes four letters for three bytes.
    if command.bytes_base64.len() / 4 * 3 > LETTER_MAX_BYTES {
        let reason = format!("a letter has at most {} MB", LETTER_MAX_BYTES / 1024 / 1024);
        return Err(EngineError::Invalid(Refusal::LetterUnreadable { reason }));
    }
    let bytes = from_base64(&command.bytes_base64).ok_or_else(|| {
        let reason = "the file did not come whole".to_owned();
        EngineError::Invalid(Refusal::LetterUnreadable { reason })
    })?;
    let taken = letter::take(engine, &bytes).await?;
    Ok(LetterTaken {
        transactions: taken.transactions,
        accepted: taken.accepted,
        answer: taken.answer.map(|bytes| LetterAnswerFile {
            file_name: format!("answer-{}.{EXTENSION}", engine.now().0),
            bytes_base64: base64_of(&bytes),
        }),
    })
}
