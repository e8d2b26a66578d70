//! Bringing data in from files and taking it out: a file is understood, its columns are matched, every row is tried,
//! and what fits becomes one transaction. Each kind of data has a file of its own with both ways.

mod asset;
mod books;
mod columns;
mod downtime;
mod file;
mod line;
mod matrix;
mod order;
mod out;
mod part;
mod person;
mod plan;
mod skill;
mod stock;
mod supplier;
mod tag_binding;
mod where_used;

use millwright_local_db::Session;
use millwright_model::*;
use millwright_sheet::Value;

pub(crate) use out::{export, refused, save};

use crate::EngineError;
use crate::engine::Inner;
use crate::unit::Unit;
use crate::use_case::date;
use columns::Columns;
use file::Opened;
use line::Line;
use plan::Plan;

/// What a kind of data needs to be tried or taken out.
pub(super) struct Desk<'s> {
    pub(super) engine: &'s Inner,
    pub(super) session: &'s mut Session,
    /// The plant's zone: times in files are those of its clocks.
    pub(super) zone: String,
    pub(super) now: TimestampMs,
}

impl<'s> Desk<'s> {
    async fn at(engine: &'s Inner, session: &'s mut Session, now: TimestampMs) -> Result<Self, EngineError> {
        let zone = date::plant_zone(session).await?;
        Ok(Self { engine, session, zone, now })
    }

    /// A new id.
    fn mint<Id: From<uuid::Uuid>>(&self) -> Id {
        self.engine.ports.mint.uuid(self.now).into()
    }
}

pub(crate) async fn preview(engine: &Inner, command: DataPreview) -> Result<DataPreviewView, EngineError> {
    let opened = file::open(command.kind, command.file, command.reading).await?;
    let mut session = engine.database.read().await?;
    let known = columns::remembered(&mut session, command.kind, &opened.headers).await?;
    let remembered = command.matches.is_none() && known.is_some();
    let matches = match command.matches.or(known) {
        Some(matches) => matches,
        None => columns::found(command.kind, &opened.headers),
    };
    let columns = Columns::of(command.kind, &matches, &opened, String::new())?;
    Ok(DataPreviewView {
        understood: opened.understood(&columns),
        columns: opened.columns(),
        rows: opened.first_rows(),
        missing: columns.missing(command.kind),
        open_number: columns.open_number(&opened),
        matches,
        remembered,
    })
}

pub(crate) async fn bring(engine: &Inner, command: DataBring) -> Result<DataReport, EngineError> {
    let cancelled = engine.cancel_bringing.notified();
    let tried = async {
        let opened = file::open(command.kind, command.file, command.reading).await?;
        let all_or_nothing = false;
        try_rows(engine, command.kind, opened, &command.matches, command.dry_run, all_or_nothing).await
    };
    // Until it is written it can be given up; what was begun is left without a commit.
    let tried = tokio::select! {
        tried = tried => tried?,
        () = cancelled => return Err(EngineError::Precondition(Refusal::BringCancelled)),
    };
    keep(engine, command.kind, tried).await.map(|(report, _plan)| report)
}

/// Gives up what is being brought in, in this window or another one.
pub(crate) async fn cancel(engine: &Inner, _command: DataBringCancel) -> Result<(), EngineError> {
    engine.cancel_bringing.notify_waiters();
    Ok(())
}

/// Assets from CSV, all rows or none, for scripts of before.
pub(crate) async fn assets(engine: &Inner, command: AssetImport) -> Result<ImportReport, EngineError> {
    let kind = DataKind::Assets;
    let opened = file::open_bytes(kind, command.csv.into_bytes(), DataReading::default()).await?;
    let matches = columns::found(kind, &opened.headers);
    let matched = |column: usize| matches.iter().any(|one| one.column as usize == column);
    let unknown: Vec<String> = opened
        .headers
        .iter()
        .enumerate()
        .filter(|(column, _)| !matched(*column))
        .map(|(_, header)| header.clone())
        .collect();
    let missing: Vec<String> = kind
        .fields()
        .iter()
        .filter(|(field, needed)| *needed && !matches.iter().any(|one| one.field == *field))
        .map(|(field, _)| field.to_string())
        .collect();
    if !unknown.is_empty() || !missing.is_empty() {
        let known: Vec<&str> = kind.fields().iter().map(|(field, _)| field.as_str()).collect();
        let known = known.join(", ");
        return Err(EngineError::Invalid(Refusal::ColumnsUnfit { missing, unknown, known }));
    }
    let tried = try_rows(engine, kind, opened, &matches, command.dry_run, true).await?;
    let (report, plan) = keep(engine, kind, tried).await?;
    Ok(ImportReport {
        created: report.new,
        changed: report.changed,
        same: report.same,
        refused: plan
            .refusals()
            .map(|(_, refusal)| RefusedRow { line: i64::from(refusal.row), reason: refusal.to_string() })
            .collect(),
    })
}

/// What a file would do, and the transaction that does it, where it is to be done.
struct Tried<'e> {
    plan: Plan,
    unit: Option<Unit<'e>>,
}

/// Tries every row, and lays those that fit ready to be kept unless only a try is wanted.
async fn try_rows<'e>(
    engine: &'e Inner,
    kind: DataKind,
    opened: Opened,
    matches: &[ColumnMatch],
    dry_run: bool,
    all_or_nothing: bool,
) -> Result<Tried<'e>, EngineError> {
    if dry_run {
        let mut session = engine.database.read().await?;
        let plan = planned(engine, &mut session, kind, &opened, matches).await?;
        return Ok(Tried { plan, unit: None });
    }
    let actor = super::actor(engine).unwrap_or_else(|_nobody| Actor::system());
    let mut unit = Unit::begin(engine, actor).await?;
    // Who looks at a record's history later sees where its values came from.
    unit.reason = opened.file_name.clone();
    let mut plan = planned(engine, &mut unit, kind, &opened, matches).await?;
    if all_or_nothing && plan.report().refused > 0 {
        // Leaving the unit without a commit leaves everything as it was.
        return Ok(Tried { plan, unit: None });
    }
    plan.write(&mut unit).await?;
    columns::remember(&mut unit.session, kind, &opened.headers, matches).await?;
    Ok(Tried { plan, unit: Some(unit) })
}

/// Keeps what was tried, where it is to be kept.
async fn keep(
    engine: &Inner,
    kind: DataKind,
    Tried { plan, unit }: Tried<'_>,
) -> Result<(DataReport, Plan), EngineError> {
    let mut report = plan.report();
    let Some(unit) = unit else { return Ok((report, plan)) };
    let done = unit.commit().await?;
    match kind {
        DataKind::TagBindings => engine.live.load_bindings(&engine.database).await?,
        DataKind::People => engine.people.load(&mut engine.database.read().await?, &engine.vault).await?,
        DataKind::Assets
        | DataKind::Parts
        | DataKind::WhereUsed
        | DataKind::Stock
        | DataKind::Suppliers
        | DataKind::Skills
        | DataKind::Orders
        | DataKind::Downtimes => {}
    }
    report.done = Some(done);
    Ok((report, plan))
}

/// What each row of a file would do to what is here now.
async fn planned(
    engine: &Inner,
    session: &mut Session,
    kind: DataKind,
    opened: &Opened,
    matches: &[ColumnMatch],
) -> Result<Plan, EngineError> {
    let mut desk = Desk::at(engine, session, engine.now()).await?;
    let columns = Columns::of(kind, matches, opened, desk.zone.clone())?;
    let missing = columns.missing(kind);
    if !missing.is_empty() {
        return Err(file::refuse(FileFault::ColumnsMissing { fields: missing }));
    }
    let mut plan = Plan::new(kind);
    let mut lines = Vec::new();
    for (place, row) in opened.rows().iter().enumerate() {
        let line = Line::new(place, row, &columns, opened.letters(place));
        match line.fits(opened.headers.len()) {
            Ok(()) => lines.push(line),
            Err(fault) => plan.refuse(&line, fault),
        }
    }
    match kind {
        DataKind::Assets => asset::plan(&mut desk, &lines, &mut plan).await?,
        DataKind::Parts => part::plan(&mut desk, &lines, &mut plan).await?,
        DataKind::WhereUsed => where_used::plan(&mut desk, &lines, &mut plan).await?,
        DataKind::Stock => stock::plan(&mut desk, &lines, &mut plan).await?,
        DataKind::Suppliers => supplier::plan(&mut desk, &lines, &mut plan).await?,
        DataKind::People => person::plan(&mut desk, &lines, &mut plan).await?,
        DataKind::Skills => skill::plan(&mut desk, &lines, &mut plan).await?,
        DataKind::Orders => order::plan(&mut desk, &lines, &mut plan).await?,
        DataKind::Downtimes => downtime::plan(&mut desk, &lines, &mut plan).await?,
        DataKind::TagBindings => tag_binding::plan(&mut desk, &lines, &mut plan).await?,
    }
    plan.sort();
    Ok(plan)
}

/// The rows of what is here, in the columns of its kind.
async fn taken_out(
    desk: &mut Desk<'_>,
    kind: DataKind,
    seen: &DataSeen,
) -> Result<Vec<Vec<Value>>, EngineError> {
    match kind {
        DataKind::Assets => asset::rows(desk, seen).await,
        DataKind::Parts => part::rows(desk, seen).await,
        DataKind::WhereUsed => where_used::rows(desk, seen).await,
        DataKind::Stock => stock::rows(desk, seen).await,
        DataKind::Suppliers => supplier::rows(desk, seen).await,
        DataKind::People => person::rows(desk, seen).await,
        DataKind::Skills => skill::rows(desk, seen).await,
        DataKind::Orders => order::rows(desk, seen).await,
        DataKind::Downtimes => downtime::rows(desk, seen).await,
        DataKind::TagBindings => tag_binding::rows(desk, seen).await,
    }
}
