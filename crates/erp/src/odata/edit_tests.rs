//! Tests of what an edit becomes at an OData server, and of where it stands there.

use millwright_model::{
    CivilDate, ExternalRef, Fact, OpId, OutboundTxn, PlannedStep, StepLabel, TimestampMs, TxnId, WorkOrderId,
};
use serde_json::json;
use uuid::Uuid;

use super::super::instruction::Instruction;
use super::super::mapping::{InstantLiteral, Mapping, Protocol};
use super::super::mapping_check::SAP_V2;
use super::super::plan::plan;
use super::*;

const V2: Dialect = Dialect { protocol: Protocol::V2, instant_literal: InstantLiteral::Datetimeoffset };

fn due(day: u32, hours: i64) -> PlantTime {
    let on = CivilDate::from_ymd(2026, 11, day).unwrap();
    let time_ms = hours * 3_600_000;
    // The plant's clock is an hour ahead of UTC.
    PlantTime { at: TimestampMs(i64::from(on.days()) * 86_400_000 + time_ms - 3_600_000), on, time_ms }
}

fn changed<T>(from: T, to: T) -> Option<Changed<T>> {
    Some(Changed { from, to })
}

fn edited(
    title: Option<Changed<String>>,
    description: Option<Changed<String>>,
    priority: Option<Changed<Priority>>,
    due: Option<Changed<Option<PlantTime>>>,
) -> Fact {
    let order =
        ExternalRef { id: WorkOrderId(Uuid::from_u128(1)), external_key: None, label: "4000127".into() };
    Fact::OrderChanged { op_id: OpId(Uuid::from_u128(2)), order, title, description, priority, due }
}

fn steps_of(mapping: &Mapping, fact: Fact) -> Vec<PlannedStep> {
    plan(mapping, V2, &OutboundTxn { txn_id: TxnId(Uuid::nil()), facts: vec![fact] }).unwrap()
}

fn sap() -> Mapping {
    Mapping::load(SAP_V2).unwrap().0
}

/// A server that knows only days.
fn days_only() -> Mapping {
    let text = SAP_V2
        .replace("due_at = \"MaintOrdBasicEndDateTime\"\n", "")
        .replace("due_time = \"MaintOrdBasicEndTime\"\n", "");
    Mapping::load(&text).unwrap().0
}

fn edit_of(step: &PlannedStep) -> OrderEdit {
    let Instruction::EditOrder(edit) = Instruction::of(step).unwrap() else { panic!("{}", step.label) };
    edit
}

fn body_of(edit: &OrderEdit, row: &Value) -> Value {
    let mut body = Map::new();
    for field in &edit.fields {
        field.write(V2, row, &mut body);
    }
    Value::Object(body)
}

fn stand(mapping: &Mapping, edit: &OrderEdit, row: &Value) -> Stands {
    Stands::of(edit.fields.iter().map(|field| field.stands(&mapping.work_order, row)))
}

#[test]
fn an_edit_is_one_step_with_the_mapped_fields_that_changed() {
    let mapping = sap();
    let long = "Replace the mechanical seal at the drive end of pump P-101A";
    let steps = steps_of(
        &mapping,
        edited(
            changed("Replace seal".into(), long.into()),
            changed("there is no place for it".into(), "nor for this".into()),
            changed(Priority::Medium, Priority::High),
            changed(None, Some(due(30, 14))),
        ),
    );
    assert_eq!(steps.len(), 1);
    assert_eq!(steps[0].label, StepLabel::ChangeOrder { order: "4000127".into() });
    assert_eq!(steps[0].needs.len(), 1, "the order's key may still come from its creation");
    let edit = edit_of(&steps[0]);
    let body = body_of(&edit, &json!({}));
    assert_eq!(body["MaintenanceOrderDesc"], "Replace the mechanical seal at the driv…");
    assert_eq!(body["MaintPriority"], "2");
    assert_eq!(body["MaintOrdBasicEndDateTime"], "/Date(1796043600000+0000)/");
    assert_eq!(body.as_object().unwrap().len(), 3, "{body}");
}

#[test]
fn what_is_the_same_at_the_erp_or_has_no_place_there_plans_no_step() {
    let mapping = sap();
    let long = "Replace the mechanical seal at the drive end of pump ";
    let nothing = [
        edited(None, changed(String::new(), "more".into()), None, None),
        edited(changed(format!("{long}A"), format!("{long}B")), None, None, None),
    ];
    let later_that_day = edited(None, None, None, changed(Some(due(30, 14)), Some(due(30, 16))));
    assert_eq!(steps_of(&days_only(), later_that_day.clone()), [], "there is only room for the day");
    assert_eq!(steps_of(&mapping, later_that_day).len(), 1);
    for fact in nothing {
        assert_eq!(steps_of(&mapping, fact.clone()), [], "{fact:?}");
    }
    let fewer = SAP_V2.replace("4 = \"low\" }", "}").replace("3 = \"medium\", }", "3 = \"medium\" }");
    let mapping = Mapping::load(&fewer).unwrap().0;
    let to_low = edited(None, None, changed(Priority::High, Priority::Low), None);
    assert_eq!(steps_of(&mapping, to_low), [], "a priority without a code stays here");
}

#[test]
fn a_due_date_that_is_taken_away_is_taken_away_there() {
    let mapping = days_only();
    let steps = steps_of(&mapping, edited(None, None, None, changed(Some(due(30, 14)), None)));
    let edit = edit_of(&steps[0]);
    assert_eq!(body_of(&edit, &json!({})), json!({"MaintOrdBasicEndDate": null}));
    let row = |date: Value| json!({"MaintOrdBasicEndDate": date});
    assert_eq!(stand(&mapping, &edit, &row(json!("/Date(1795996800000)/"))), Stands::AllBefore);
    assert_eq!(stand(&mapping, &edit, &row(Value::Null)), Stands::AllOurs);
    assert_eq!(stand(&mapping, &edit, &row(json!("/Date(1796083200000)/"))), Stands::Elsewhere);
}

#[test]
fn a_due_time_stands_as_the_erp_says_it_best() {
    let mapping = sap();
    let row = |at: Value, day: Value, time: &str| json!({"MaintOrdBasicEndDateTime": at, "MaintOrdBasicEndDate": day, "MaintOrdBasicEndTime": time});
    let whole_day = PlantTime { time_ms: PlantTime::LAST_SECOND_MS, ..due(30, 0) };
    let edit = edited(None, None, None, changed(Some(whole_day), Some(due(30, 14))));
    let edit = edit_of(&steps_of(&mapping, edit)[0]);
    let day = json!("/Date(1795996800000)/");
    for midnight in ["PT00H00M00S", "PT24H00M00S"] {
        let there = row(json!("/Date(1795993200000+0000)/"), day.clone(), midnight);
        assert_eq!(stand(&mapping, &edit, &there), Stands::AllBefore, "{midnight} is no time of the day");
    }
    let there = row(json!("/Date(1796043600000+0000)/"), day.clone(), "PT14H00M00S");
    assert_eq!(stand(&mapping, &edit, &there), Stands::AllOurs);
    let there = row(json!("/Date(1796047200000+0000)/"), day.clone(), "PT15H00M00S");
    assert_eq!(stand(&mapping, &edit, &there), Stands::Elsewhere);
    let there = row(Value::Null, Value::Null, "PT00H00M00S");
    assert_eq!(stand(&mapping, &edit, &there), Stands::Elsewhere);
}

#[test]
fn a_field_stands_as_it_was_in_every_form_the_erp_may_have_kept_it_in() {
    let mapping = sap();
    let long = "Replace the mechanical seal at the drive end of pump P-101A";
    let fact = edited(
        changed(long.into(), "Replace seal".into()),
        None,
        changed(Priority::Medium, Priority::High),
        None,
    );
    let edit = edit_of(&steps_of(&mapping, fact)[0]);
    let row = |title: &str, code: &str| json!({"MaintenanceOrderDesc": title, "MaintPriority": code});
    let cut = "Replace the mechanical seal at the driv…";
    assert_eq!(stand(&mapping, &edit, &row(cut, "3")), Stands::AllBefore);
    assert_eq!(stand(&mapping, &edit, &row(cut, "")), Stands::AllBefore, "no code is read as medium");
    assert_eq!(stand(&mapping, &edit, &row("Replace seal ", "2")), Stands::AllOurs);
    assert_eq!(stand(&mapping, &edit, &row("Replace seal", "3")), Stands::Between);
    assert_eq!(stand(&mapping, &edit, &row("Replace gasket", "2")), Stands::Elsewhere);
}

#[test]
fn a_description_that_shares_its_field_with_the_findings_keeps_them() {
    let (before, texts) = SAP_V2.split_once("[work_order.closing_texts]").unwrap();
    let (_, after) = texts.split_once("[work_order.assets]").unwrap();
    let shared = "title_length = 40\nclosing_text = \"YY1_Text\"\ndescription = \"YY1_Text\"";
    let text = format!("{}[work_order.assets]{after}", before.replace("title_length = 40", shared));
    let mapping = Mapping::load(&text).unwrap().0;
    let fact = edited(None, changed("Noise".into(), "Loud noise".into()), None, None);
    let edit = edit_of(&steps_of(&mapping, fact)[0]);
    let row = |text: &str| json!({"YY1_Text": text});
    let there = row("Noise\r\nRing worn");
    assert_eq!(stand(&mapping, &edit, &there), Stands::AllBefore);
    assert_eq!(body_of(&edit, &there)["YY1_Text"], "Loud noise\nRing worn");
    assert_eq!(stand(&mapping, &edit, &row("Loud noise\nRing worn")), Stands::AllOurs);
    assert_eq!(stand(&mapping, &edit, &row("Something else")), Stands::Elsewhere);
}
