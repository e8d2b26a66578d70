//! A revision of a guide on paper: its tasks and steps with what each takes, warns of and asks for, and its pictures.

use millwright_model::*;
use millwright_paper::{Block, Drawn, Photo};

use super::order::expected;
use super::step_picture;
use super::voice::Voice;
use super::words::{Language, filled};
use super::{Told, bytes_of, facts, heading, joined, machine, row, section, words};
use crate::EngineError;
use crate::engine::Inner;

pub(super) async fn told(engine: &Inner, voice: &Voice, id: GuideRevisionId) -> Result<Told, EngineError> {
    let mut session = engine.database.read().await?;
    let revision: Option<GuideRevision> = session.get(id).await?;
    let revision = revision.ok_or(EngineError::NotFound(Missing::Revision))?;
    let guide: Option<Guide> = session.get(revision.guide_id).await?;
    let guide = guide.ok_or(EngineError::NotFound(Missing::Guide))?;
    let asset: Option<Asset> = match guide.asset_id {
        Some(asset_id) => session.get(asset_id).await?,
        None => None,
    };
    let (language, content) = (voice.language, &revision.content);
    let mut on_machine = step_picture::pictures(engine, &mut session, voice, content, asset.as_ref()).await?;
    let shows = content.steps().filter(|step| !step.shows.is_empty()).count();
    let say = |words: &Words| words.read(language.tag(), &content.language).to_owned();
    let authors = revision.authors.iter().filter_map(|author| engine.people.name(Some(*author)));
    let mut blocks = vec![facts([
        (
            language.machine(),
            asset.map(|asset| machine(&asset.code, &asset.name)).or(guide.asset_class.clone()),
        ),
        (language.revision(), Some(revision.number.to_string())),
        (language.written_by(), Some(authors.collect::<Vec<_>>().join(", "))),
        (language.approved_by(), engine.people.name(revision.decided_by)),
        (language.when(), voice.moment_or_none(revision.decided_at)),
        (language.news(), Some(revision.news.clone())),
        (language.check_sum(), Some(revision.content_hash.chars().take(16).collect())),
    ])];
    if revision.status != RevisionStatus::Approved {
        blocks.push(Block::Notice(language.not_approved().to_owned()));
    }
    if shows > step_picture::PICTURES_MAX && !on_machine.is_empty() {
        blocks.push(Block::Notice(language.pictures_left_out().to_owned()));
    }
    let mut number = 0;
    for task in &content.tasks {
        blocks.push(heading(&say(&task.title)));
        for step in &task.steps {
            number += 1;
            blocks.push(words(&format!("{number}. {}", say(&step.title)), say(&step.text)));
            blocks.push(step_facts(voice, step));
            let asks = step.evidence.iter();
            let asked = asks.map(|one| row([say(&one.title), expected(voice, &one.form)]));
            blocks.extend(section(
                "",
                [(language.recorded(), 6.0), (language.expected(), 4.0)],
                asked.collect(),
            ));
            let mut photos = Vec::new();
            if let Some(png) = on_machine.remove(&step.step_id) {
                photos.push(Photo {
                    bytes: Some(std::sync::Arc::new(png)),
                    caption: format!("{number}."),
                    drawn: Vec::new(),
                });
            }
            for picture in &step.pictures {
                let attachment: Option<Attachment> = session.get(picture.attachment_id).await?;
                photos.push(Photo {
                    bytes: attachment.as_ref().and_then(|attachment| bytes_of(engine, attachment)),
                    caption: joined([format!("{number}."), say(&picture.caption)]),
                    drawn: picture.marks.iter().map(|mark| drawn(voice, mark)).collect(),
                });
            }
            if !photos.is_empty() {
                blocks.push(Block::Photos(photos));
            }
        }
    }
    let stem: String = guide.name.chars().take(60).collect();
    Ok(Told {
        stem: format!("guide-{stem}-{}", revision.number),
        name: format!("{} {}", language.guide(), guide.name),
        title: say(&content.title),
        standing: filled(language.revision_stands(), &[("number", &revision.number.to_string())]),
        blocks,
        single_page: false,
    })
}

/// A mark as it stands on paper.
fn drawn(voice: &Voice, mark: &PictureMark) -> Drawn {
    let at = |point: &PicturePoint| (point.x as f32, point.y as f32);
    match mark {
        PictureMark::Arrow { from, to } => Drawn::Arrow { from: at(from), to: at(to) },
        PictureMark::Circle { center, radius } => Drawn::Ring { center: at(center), radius: *radius as f32 },
        PictureMark::Number { at: place, number } => Drawn::Plate { at: at(place), text: number.to_string() },
        PictureMark::Torque { at: place, torque_nm } => {
            Drawn::Plate { at: at(place), text: format!("{} N·m", voice.number(*torque_nm)) }
        }
    }
}

fn step_facts(voice: &Voice, step: &GuideStep) -> Block {
    let language = voice.language;
    let list = |parts: Vec<String>| (!parts.is_empty()).then(|| parts.join(", "));
    let torque = step.torque.map(|torque| {
        let tolerance = torque.tolerance_nm.map(|nm| format!(" ± {}", voice.number(nm))).unwrap_or_default();
        format!("{}{tolerance} N·m", voice.number(torque.nominal_nm))
    });
    let part = |part: &GuidePart| format!("{} × {}", part.number, voice.number(part.count));
    let hazards =
        step.hazards.iter().map(|hazard| format!("{} ({})", language.hazard(*hazard), hazard.sign()));
    let worn = step.protection.iter().map(|worn| format!("{} ({})", language.protection(*worn), worn.sign()));
    facts([
        (language.warning(), list(hazards.collect())),
        (language.wear(), list(worn.collect())),
        (language.tools(), list(step.tools.clone())),
        (language.part(), list(step.parts.iter().map(part).collect())),
        (language.torque(), torque),
        (language.skill(), step.skill.as_ref().map(|skill| format!("{} ({})", skill.code, skill.level))),
        (language.waiting(), step.timer_s.map(|seconds| format!("{seconds} s"))),
        (language.try_out(), step.condition.as_ref().map(|_| language.try_out_asked().to_owned())),
        ("", step.mandatory.then(|| language.mandatory().to_owned())),
    ])
}

impl Language {
    /// What a warning sign says.
    pub(super) fn hazard(self, hazard: Hazard) -> &'static str {
        let (english, german) = match hazard {
            Hazard::General => ("Danger", "Gefahr"),
            Hazard::Explosive => ("Explosive material", "Explosionsgefährliche Stoffe"),
            Hazard::Laser => ("Laser beam", "Laserstrahl"),
            Hazard::MagneticField => ("Magnetic field", "Magnetisches Feld"),
            Hazard::Drop => ("Drop", "Absturzgefahr"),
            Hazard::Slippery => ("Slippery surface", "Rutschgefahr"),
            Hazard::Electricity => ("Electricity", "Elektrische Spannung"),
            Hazard::SuspendedLoad => ("Suspended load", "Schwebende Last"),
            Hazard::Toxic => ("Toxic material", "Giftige Stoffe"),
            Hazard::HotSurface => ("Hot surface", "Heiße Oberfläche"),
            Hazard::AutomaticStart => ("Starts by itself", "Automatischer Anlauf"),
            Hazard::Crushing => ("Crushing", "Quetschgefahr"),
            Hazard::Flammable => ("Flammable material", "Feuergefährliche Stoffe"),
            Hazard::SharpElement => ("Sharp edge", "Scharfe Kante"),
            Hazard::Corrosive => ("Corrosive material", "Ätzende Stoffe"),
            Hazard::CrushingOfHands => ("Crushing of hands", "Handverletzungen"),
            Hazard::CounterRotatingRollers => ("Counter-rotating rollers", "Gegenläufige Rollen"),
            Hazard::PressurizedCylinder => ("Pressurized cylinder", "Gasflaschen"),
        };
        match self {
            Self::English => english,
            Self::German => german,
        }
    }

    /// What a mandatory sign says.
    pub(super) fn protection(self, worn: Protection) -> &'static str {
        let (english, german) = match worn {
            Protection::Ears => ("Ear protection", "Gehörschutz"),
            Protection::Eyes => ("Eye protection", "Augenschutz"),
            Protection::Footwear => ("Safety footwear", "Fußschutz"),
            Protection::Gloves => ("Gloves", "Handschutz"),
            Protection::Clothing => ("Protective clothing", "Schutzkleidung"),
            Protection::FaceShield => ("Face shield", "Gesichtsschutz"),
            Protection::Head => ("Helmet", "Kopfschutz"),
            Protection::Mask => ("Mask", "Maske"),
            Protection::Breathing => ("Respiratory protection", "Atemschutz"),
            Protection::Harness => ("Harness", "Auffanggurt"),
        };
        match self {
            Self::English => english,
            Self::German => german,
        }
    }
}
