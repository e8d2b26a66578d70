//! The words of the command line.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use millwright_ledger_pg::LedgerAddress;
use millwright_model::{CellSeparator, DataKind, DecimalMark, FileFormat, TextEncoding};

use crate::alert::AlertAct;
use crate::allocate::AllocateWords;
use crate::guide::GuideAct;
use crate::label::LabelAct;
use crate::scenario::ScenarioAct;
use crate::serve::HttpWords;
use crate::token::TokenAct;
use crate::webhook::WebhookAct;
use crate::workshop::WorkshopAct;

/// Work orders, live plant data and the ERP, without a window.
///
/// Exit codes: 0 done, 1 failed, 2 wrong usage, 3 the data directory is in use, 4 the files are newer or not
/// ours, 5 invalid input or no such record, 6 not possible now, 7 the other side cannot be reached, 8 disk full,
/// 9 the disk reports an error.
#[derive(Debug, Parser)]
#[command(name = "millwrightctl", version)]
pub(crate) struct Arguments {
    /// The data directory (else MILLWRIGHT_DATA, else this user's own).
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Answer as JSON with a versioned schema name.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Who acts: a name or ERP number of a person of this device (else the one picked last).
    #[arg(long, global = true, value_name = "PERSON")]
    pub(crate) person: Option<String>,
    /// The ledger that several node processes share, on PostgreSQL: postgres://user@host/database, with commas between
    /// the servers of a cluster. An empty one takes this node's team; one that holds it is followed.
    #[arg(long, global = true, value_name = "ADDRESS", env = "MILLWRIGHT_LEDGER")]
    pub(crate) ledger: Option<LedgerAddress>,
    #[command(subcommand)]
    pub(crate) subject: Subject,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Subject {
    /// Run as an edge node until told to stop: plant and ERP connected, no window.
    Serve {
        /// Where health and metrics are answered (loopback only); 0 takes any free port.
        #[arg(long, default_value_t = 0)]
        port: u16,
        /// Start on the embedded demo plant.
        #[arg(long)]
        demo: bool,
        /// Be the node of a team, and let its devices speak to it at this address and port.
        #[arg(long, value_name = "ADDRESS:PORT", conflicts_with = "demo")]
        team: Option<std::net::SocketAddr>,
        #[command(flatten)]
        http: HttpWords,
    },
    /// Tokens, with which programs give commands over HTTP.
    #[command(subcommand)]
    Token(TokenAct),
    /// Webhooks: who outside is told of changes.
    #[command(subcommand)]
    Webhook(WebhookAct),
    /// Print the description of the commands over HTTP, as OpenAPI 3.1.
    Openapi,
    /// Machines and places.
    #[command(subcommand)]
    Asset(AssetAct),
    /// Work orders.
    #[command(subcommand)]
    WorkOrder(WorkOrderAct),
    /// Requests: what is wrong with which machine.
    #[command(subcommand)]
    Request(RequestAct),
    /// What is urgent and asks for somebody.
    #[command(subcommand)]
    Alert(AlertAct),
    /// Labels that say where a camera stands: registered and printed in true size.
    #[command(subcommand)]
    Label(LabelAct),
    /// Guides: work instructions for machines.
    #[command(subcommand)]
    Guide(GuideAct),
    /// Models of scenarios: what may come, in numbers.
    #[command(subcommand)]
    Scenario(ScenarioAct),
    /// Allocate what there is to what is wanted, as a problem in a file says it.
    Allocate(AllocateWords),
    /// SWOT workshops: boards in files.
    #[command(subcommand)]
    Workshop(WorkshopAct),
    /// Spare parts.
    #[command(subcommand)]
    Part(PartAct),
    /// Live values and history.
    #[command(subcommand)]
    Plant(PlantAct),
    /// People of this device.
    #[command(subcommand)]
    Person(PersonAct),
    /// Files of data in and out: machines, parts, people, orders and more, as CSV or XLSX.
    ///
    /// Columns are known by their names in English and German; docs/data.md lists them. `import` brings in the rows
    /// that fit as one change and leaves refused ones out: it ends with 0 where all came in, and with 5 where rows were
    /// refused (`--refused` keeps them, with the reason) or the file as a whole was.
    #[command(subcommand)]
    Data(DataAct),
    /// The shift log and handing over.
    #[command(subcommand)]
    Shift(ShiftAct),
    /// Maintenance plans.
    #[command(subcommand)]
    Plan(PlanAct),
    /// What waits, what needs a person.
    #[command(subcommand)]
    Sync(SyncAct),
    /// The devices that share a plant.
    #[command(subcommand)]
    Team(TeamAct),
    /// The ledger that node processes share.
    #[command(subcommand)]
    Ledger(LedgerAct),
    /// The files.
    #[command(subcommand)]
    Db(DbAct),
    /// Connections and mappings.
    #[command(subcommand)]
    Config(ConfigAct),
    /// Give any command of the boundary by its name, with its arguments as JSON.
    Call {
        /// The command's name (`work_order_list`).
        name: String,
        /// Its arguments.
        #[arg(default_value = "{}")]
        arguments: String,
    },
    /// Print the manual page.
    Man,
    /// Print completions for a shell.
    Completions {
        /// Which shell.
        shell: Shell,
    },
}

/// A record on paper.
#[derive(Debug, Args)]
pub(crate) struct PdfWords {
    /// The new file.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Its language: en or de (else the one of the person who acts).
    #[arg(long)]
    pub(crate) language: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RequestAct {
    /// Write a request as a PDF.
    Pdf {
        /// Its number or id.
        request: String,
        #[command(flatten)]
        words: PdfWords,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum PartAct {
    /// Write a part with its stock, suppliers and machines as a PDF.
    Pdf {
        /// Its number.
        part: String,
        #[command(flatten)]
        words: PdfWords,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum AssetAct {
    /// List all machines and places.
    List,
    /// Write a machine with its orders, tags and parts as a PDF.
    Pdf {
        /// Its code.
        code: String,
        #[command(flatten)]
        words: PdfWords,
    },
    /// Read assets from CSV: all rows or none.
    Import {
        /// The file.
        file: PathBuf,
        /// Only say what would happen.
        #[arg(long)]
        dry_run: bool,
    },
    /// Say that two machines are one: what names the first means the second from now on.
    Join {
        /// The code of the machine that gives way.
        code: String,
        /// The code of the machine that stays.
        into: String,
    },
    /// Say that a machine that gave way is one of its own after all.
    Separate {
        /// The code it had.
        code: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum TeamAct {
    /// Show what this device is in a team, its devices, and who asks to be let in.
    Show,
    /// Make an invitation for one device, as a QR code and as text. Only the node does.
    Invite {
        /// Where devices reach the node: host and port.
        address: String,
        /// How many minutes it may be used.
        #[arg(long, default_value_t = 15)]
        minutes: u32,
    },
    /// Let a device in that asked.
    Admit {
        /// Its name or its proof.
        device: String,
        /// The code of an area that it holds; without any the whole plant.
        #[arg(long = "area", value_name = "CODE")]
        areas: Vec<String>,
    },
    /// Say anew what a device holds: it fills up again with it.
    Scope {
        /// Its name.
        device: String,
        /// The code of an area that it holds; without any the whole plant.
        #[arg(long = "area", value_name = "CODE")]
        areas: Vec<String>,
    },
    /// What was laid aside of a device that is shut out: look, take it, or throw it away.
    #[command(subcommand)]
    Outbox(OutboxAct),
    /// Do not let a device in that asked.
    TurnAway {
        /// Its name or its proof.
        device: String,
    },
    /// Shut a device out: nothing is taken from it any more, and it is emptied when it next speaks.
    Revoke {
        /// Its name.
        device: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// Ask to be let into a team.
    Join {
        /// The invitation as text.
        invitation: String,
        /// What people are to call this device.
        #[arg(long)]
        name: String,
    },
    /// Ask no more to be let in.
    JoinCancel,
    /// Say after how many hours without a word a device counts as silent. The node's word counts for all.
    SilentAfter {
        /// Hours.
        hours: u32,
    },
    /// Say to the node what waits here and hear what was accepted, once.
    Exchange,
    /// The exchange as a file that people carry.
    #[command(subcommand)]
    Letter(LetterAct),
}

#[derive(Debug, Subcommand)]
pub(crate) enum OutboxAct {
    /// List whose letters were laid aside.
    List,
    /// Take it, as if the device were still let in.
    Take {
        /// Its name.
        device: String,
    },
    /// Throw it away.
    Discard {
        /// Its name.
        device: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum WorkOrderAct {
    /// List orders, most urgent first.
    List {
        /// Also those that are done.
        #[arg(long)]
        all: bool,
    },
    /// Show one order with all on it.
    Show {
        /// Its number or id.
        order: String,
    },
    /// Write one order with all on it as a PDF.
    Pdf {
        /// Its number or id.
        order: String,
        #[command(flatten)]
        words: PdfWords,
    },
    /// Start work on an order.
    Start {
        /// Its number or id.
        order: String,
    },
    /// Record a step.
    Step {
        /// The order's number or id.
        order: String,
        /// The step's place, from 1.
        position: i64,
        /// The outcome as JSON: `{"kind":"checked"}`, `{"kind":"measured","value":0.03,"in_limits":true}`, …
        #[arg(default_value = "{\"kind\":\"checked\"}")]
        outcome: String,
    },
    /// Take an order over that somebody else, or another device, has in hand.
    Continue {
        /// Its number or id.
        order: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// Complete an order.
    Close {
        /// Its number or id.
        order: String,
        /// What was found.
        #[arg(long, requires = "done", requires = "minutes")]
        found: Option<String>,
        /// What was done.
        #[arg(long)]
        done: Option<String>,
        /// Minutes worked.
        #[arg(long)]
        minutes: Option<i64>,
    },
    /// Correct labour or parts of an order, here and at the ERP.
    Correct {
        /// Its number or id.
        order: String,
        /// Why.
        #[arg(long)]
        reason: String,
        /// A booking and the minutes that are right: LABOUR_ID=MINUTES.
        #[arg(long, value_name = "LABOUR_ID=MINUTES")]
        labour: Vec<String>,
        /// A use of a part and the quantity that is right: PART_USE_ID=QUANTITY.
        #[arg(long, value_name = "PART_USE_ID=QUANTITY")]
        part: Vec<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum PlantAct {
    /// List the series heard.
    Tags {
        /// Only those whose name holds this text.
        #[arg(default_value = "")]
        containing: String,
    },
    /// The last value of a series.
    Value {
        /// The series.
        series: String,
    },
    /// The history of a series.
    History {
        /// The series.
        series: String,
        /// How many minutes back.
        #[arg(long, default_value_t = 60)]
        minutes: i64,
        /// At most so many buckets.
        #[arg(long, default_value_t = 120)]
        buckets: u32,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum PersonAct {
    /// List the people of this device.
    List,
    /// Add a person.
    Add {
        /// Their name.
        name: String,
        /// Their number at the ERP.
        #[arg(long)]
        erp_number: Option<String>,
        /// The language they read.
        #[arg(long, default_value = "en")]
        language: String,
    },
    /// Say who holds the device.
    Pick {
        /// Name or ERP number.
        person: String,
    },
    /// Say what a person sees to.
    Role {
        /// Name or ERP number.
        person: String,
        /// What they see to.
        role: RoleWord,
    },
}

/// What a person sees to.
#[derive(Copy, Clone, Debug, ValueEnum)]
pub(crate) enum RoleWord {
    /// Their own work.
    Technician,
    /// That the work of all goes on.
    Supervisor,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ShiftAct {
    /// Show a shift with all that happened in it.
    Show {
        /// How many shifts back; 0 is the one that runs.
        #[arg(long, default_value_t = 0)]
        back: u32,
    },
    /// Write a line into the log.
    Add {
        /// What it says.
        #[arg(default_value = "")]
        text: String,
        /// What it is about.
        #[arg(long, value_enum, default_value_t = EntryWord::Note)]
        kind: EntryWord,
        /// The machine's code.
        #[arg(long)]
        asset: Option<String>,
        /// The order's number or id.
        #[arg(long)]
        order: Option<String>,
        /// A photo or voice note to keep with it.
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Hand a shift over: what the log proposes, and your words.
    HandOver {
        /// What you say beside it.
        #[arg(default_value = "")]
        text: String,
        /// How many shifts back; without it the one that is meant at this time of day.
        #[arg(long)]
        back: Option<u32>,
        /// Only these items, by their ids (see `shift show --json`).
        #[arg(long, value_name = "ITEM")]
        item: Vec<String>,
        /// Only say what would be handed over.
        #[arg(long)]
        dry_run: bool,
    },
    /// Say that you have read what was handed over: everything unread, or one item.
    Acknowledge {
        /// Only this item, by its id.
        #[arg(long, value_name = "ITEM")]
        item: Option<String>,
    },
    /// Write a shift and what it handed over as a PDF of one A4 page.
    Pdf {
        /// How many shifts back; 0 is the one that runs.
        #[arg(long, default_value_t = 0)]
        back: u32,
        #[command(flatten)]
        words: PdfWords,
    },
    /// Write a shift as one A4 page of HTML.
    Page {
        /// The new file.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// How many shifts back; 0 is the one that runs.
        #[arg(long, default_value_t = 0)]
        back: u32,
    },
    /// Say when the plant's shifts begin: NAME=HH:MM for each.
    Pattern {
        /// The shifts of a day.
        #[arg(required = true, value_name = "NAME=HH:MM")]
        shifts: Vec<String>,
    },
}

/// What a line of the log is about.
#[derive(Copy, Clone, Debug, ValueEnum)]
pub(crate) enum EntryWord {
    /// Something worth knowing.
    Note,
    /// Something is wrong.
    Fault,
    /// To be kept an eye on.
    Watch,
    /// It can harm somebody.
    Safety,
    /// Something was done that no order tells.
    Done,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PlanAct {
    /// List plans, those due first in front.
    List {
        /// Only those of this machine.
        #[arg(long)]
        asset: Option<String>,
    },
    /// Make a plan, or change one with --id: by the calendar, a tag that counts, or a meter that is read.
    Save(PlanWords),
    /// Write a plan with its checklist and orders as a PDF.
    Pdf {
        /// Its id (see `plan list`).
        plan: String,
        #[command(flatten)]
        words: PdfWords,
    },
    /// Give a plan up: it raises no more orders.
    End {
        /// Its id (see `plan list`).
        plan: String,
    },
    /// Record what was read off a machine.
    Read {
        /// The machine's code.
        asset: String,
        /// What was read (as in «Operating hours»).
        name: String,
        /// The value.
        value: f64,
        /// Its unit.
        unit: String,
    },
}

/// A unit of the calendar.
#[derive(Copy, Clone, Debug, ValueEnum)]
pub(crate) enum UnitWord {
    /// Days.
    Day,
    /// Weeks.
    Week,
    /// Months.
    Month,
    /// Years.
    Year,
}

/// The words of a plan.
#[derive(Debug, clap::Args)]
pub(crate) struct PlanWords {
    /// One line of what is to be done.
    pub(crate) title: String,
    /// The machine's code.
    #[arg(long)]
    pub(crate) asset: String,
    /// The plan to change.
    #[arg(long, value_name = "PLAN")]
    pub(crate) id: Option<String>,
    /// Every so many units of the calendar, or so much on the meter.
    #[arg(long)]
    pub(crate) every: f64,
    /// The unit of the calendar.
    #[arg(long, value_enum, required_unless_present_any = ["tag", "meter"])]
    pub(crate) unit: Option<UnitWord>,
    /// The first day it is due, as 2026-11-30.
    #[arg(long, value_name = "DAY", requires = "unit")]
    pub(crate) first_due: Option<String>,
    /// The tag that counts, by the name it has on the machine.
    #[arg(long, conflicts_with_all = ["unit", "meter"])]
    pub(crate) tag: Option<String>,
    /// The meter that is read, and its unit: «Operating hours=h».
    #[arg(long, value_name = "NAME=UNIT", conflicts_with = "unit")]
    pub(crate) meter: Option<String>,
    /// Where the meter stood when the counting began.
    #[arg(long, default_value_t = 0.0)]
    pub(crate) counted_from: f64,
    /// The order is raised when so much is left on the meter.
    #[arg(long, default_value_t = 0.0)]
    pub(crate) ahead: f64,
    /// Count from the last time it was done, instead of keeping the calendar's or meter's marks.
    #[arg(long)]
    pub(crate) floating: bool,
    /// Days ahead, or with a meter the days that are left to do it.
    #[arg(long, default_value_t = 0)]
    pub(crate) lead_days: i64,
    /// How urgent its orders are: 1 (most) to 4.
    #[arg(long, default_value_t = 3)]
    pub(crate) priority: u8,
    /// A step to tick, as often as there are steps.
    #[arg(long, value_name = "STEP")]
    pub(crate) step: Vec<String>,
}

/// A parser of one name of a closed list.
macro_rules! one_of {
    ($type:ident) => {
        PossibleValuesParser::new($type::ALL.iter().map(|one| one.as_str()))
            .try_map(|name| $type::parse(&name).ok_or("it is not on the list"))
    };
}

/// What is said about a file, where it is not to be found out.
#[derive(Debug, Args)]
pub(crate) struct FileArguments {
    /// What the file holds.
    #[arg(long, value_name = "KIND", value_parser = one_of!(DataKind))]
    pub(crate) kind: DataKind,
    /// The file: CSV or XLSX.
    #[arg(long, value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// What a column means: its name or letter, and the field; without any, columns are known by their names.
    #[arg(long = "match", value_name = "COLUMN=FIELD")]
    pub(crate) matches: Vec<String>,
    /// How the characters of a CSV are written.
    #[arg(long, value_parser = one_of!(TextEncoding))]
    pub(crate) encoding: Option<TextEncoding>,
    /// What stands between the cells of a CSV.
    #[arg(long, value_parser = one_of!(CellSeparator))]
    pub(crate) separator: Option<CellSeparator>,
    /// The decimal mark of its numbers.
    #[arg(long, value_parser = one_of!(DecimalMark))]
    pub(crate) decimal_mark: Option<DecimalMark>,
    /// The sheet of a workbook.
    #[arg(long)]
    pub(crate) sheet: Option<String>,
    /// The row with the names of the columns.
    #[arg(long)]
    pub(crate) header_row: Option<u32>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DataAct {
    /// Say how a file is understood and what its columns mean; nothing changes.
    Preview {
        #[command(flatten)]
        file: FileArguments,
    },
    /// Bring the rows of a file in.
    Import {
        #[command(flatten)]
        file: FileArguments,
        /// Only say what would happen.
        #[arg(long)]
        dry_run: bool,
        /// A new file for the rows that are refused, in the same columns and with the reason.
        #[arg(long, value_name = "FILE")]
        refused: Option<PathBuf>,
    },
    /// Write what is here to a new file that can be edited and brought in again.
    Export {
        /// What to take out.
        #[arg(long, value_name = "KIND", value_parser = one_of!(DataKind))]
        kind: DataKind,
        /// The new file; it says by its name whether it is CSV or XLSX.
        #[arg(long, value_name = "FILE")]
        file: PathBuf,
        /// CSV or XLSX, where the file's name does not say so.
        #[arg(long, value_parser = one_of!(FileFormat))]
        format: Option<FileFormat>,
        /// Only what has this text in its code, number or name.
        #[arg(long, default_value = "")]
        containing: String,
        /// Only open orders.
        #[arg(long)]
        open: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum SyncAct {
    /// How the links and deliveries stand.
    Status,
    /// What needs a person.
    Errors,
    /// Try a delivery again.
    Retry {
        /// Its id.
        delivery: String,
    },
    /// Ask the ERP for news and deliver what is due, once.
    Now,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DbAct {
    /// Check every index, constraint and link of the chain.
    Check,
    /// Write a backup of everything but secrets.
    Backup {
        /// The new archive.
        archive: PathBuf,
    },
    /// Unpack a backup into an empty data directory.
    Restore {
        /// The archive.
        archive: PathBuf,
    },
    /// Build every row anew from the log.
    Rebuild,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigAct {
    /// Check a mapping file.
    Check {
        /// The file; without it the built-in mappings are checked.
        mapping: Option<PathBuf>,
    },
    /// Set the connection to the broker from a JSON file (as in Settings); the password comes on standard input.
    Plant {
        /// The file.
        file: PathBuf,
        /// The key of our certificate, as PEM: it is sealed with the other secrets.
        #[arg(long)]
        key: Option<PathBuf>,
    },
    /// Set the connection to the ERP from a JSON file (as in Settings); the password comes on standard input.
    Erp {
        /// The file.
        file: PathBuf,
    },
    /// Set the connection to the mail server, and who is written to, from a JSON file (as in Settings); the password comes
    /// on standard input.
    Mail {
        /// The file.
        file: PathBuf,
        /// Send a test e-mail to this address first; only what works is kept.
        #[arg(long)]
        test: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum LetterAct {
    /// Write what waits here to a file for the node, where no network leads to it.
    Write {
        /// The file.
        file: PathBuf,
    },
    /// Take a letter: on the node, what a device wrote; on a device, the node's answer.
    Take {
        /// The file.
        file: PathBuf,
        /// Where the node's answer goes, to be carried back.
        #[arg(long)]
        answer: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum LedgerAct {
    /// How far the ledger is, how far this node process is, and whether it speaks to the ERP and the plant.
    Show,
    /// Move the team to a ledger on PostgreSQL (`--to postgres://…`), or back into this data directory (`--to sqlite`,
    /// with `--ledger` saying from where).
    Move {
        /// Where to.
        #[arg(long, value_name = "ADDRESS|sqlite")]
        to: MoveTo,
    },
}

/// Where a team's truth is moved to.
#[derive(Clone, Debug)]
pub(crate) enum MoveTo {
    /// The file of this data directory.
    Sqlite,
    /// Servers of PostgreSQL.
    Postgres(LedgerAddress),
}

impl std::str::FromStr for MoveTo {
    type Err = millwright_ledger_pg::AddressFault;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "sqlite" { Ok(Self::Sqlite) } else { text.parse().map(Self::Postgres) }
    }
}
