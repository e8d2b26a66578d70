//! What data sets and templates unfold to, and that what cannot be read is said so.

use proptest::prelude::*;

use super::*;

fn set(columns: &[&str], types: &[u32], rows: Vec<Vec<ElementValue>>) -> Metric {
    let row = |cells: Vec<ElementValue>| Row {
        elements: cells.into_iter().map(|value| Element { value: Some(value) }).collect(),
    };
    let columns = columns.iter().map(|name| (*name).to_owned()).collect();
    let set = DataSet { columns, types: types.to_vec(), rows: rows.into_iter().map(row).collect() };
    Metric { value: Some(MetricValue::DataSet(set.encode_to_vec().into())), ..Metric::default() }
}

fn instance(metrics: Vec<Metric>) -> Metric {
    let template = Template { metrics, is_definition: None };
    Metric { value: Some(MetricValue::Template(template.encode_to_vec().into())), ..Metric::default() }
}

fn member(name: &str, value: MetricValue) -> Metric {
    Metric { name: Some(name.into()), value: Some(value), ..Metric::default() }
}

fn paths(metric: &Metric) -> Vec<String> {
    match unfold(metric) {
        Unfolded::Leaves(leaves) => leaves.into_iter().map(|leaf| leaf.path).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_data_set_is_a_value_per_column_and_row() {
    let rows = vec![
        vec![ElementValue::Int(1), ElementValue::String("a".into())],
        vec![ElementValue::Int(2), ElementValue::String("b".into())],
    ];
    let metric = set(&["count", "name"], &[datatype::INT32, datatype::STRING], rows);
    assert_eq!(paths(&metric), ["count", "name", "count", "name"]);
}

#[test]
fn a_data_set_that_does_not_fit_itself_or_the_bounds_is_unreadable() {
    let one = || vec![ElementValue::Int(1)];
    let wide: Vec<String> = (0..=COLUMNS_MAX).map(|number| number.to_string()).collect();
    let wide: Vec<&str> = wide.iter().map(String::as_str).collect();
    for metric in [
        set(&["a", "b"], &[3], vec![]),
        set(&["a", "b"], &[3, 3], vec![one()]),
        set(&[""], &[3], vec![one()]),
        set(&["a"], &[3], vec![one(); ROWS_MAX + 1]),
        set(&wide, &vec![3; wide.len()], vec![]),
        Metric { value: Some(MetricValue::DataSet(vec![0xFF; 9].into())), ..Metric::default() },
        Metric { value: Some(MetricValue::DataSet(vec![0; BYTES_MAX + 1].into())), ..Metric::default() },
        Metric { value: Some(MetricValue::Int(5)), ..Metric::default() },
        Metric::default(),
    ] {
        assert_eq!(unfold(&metric), Unfolded::Unreadable);
    }
}

#[test]
fn a_template_is_a_value_per_member_down_to_a_depth() {
    let pump = instance(vec![member("speed", MetricValue::Float(1.5))]);
    let nested = Metric { name: Some("pump".into()), ..pump };
    let line = instance(vec![member("on", MetricValue::Boolean(true)), nested]);
    assert_eq!(paths(&line), ["on", "pump/speed"]);
    let mut deep = instance(vec![member("x", MetricValue::Int(1))]);
    for _ in 0..DEPTH_MAX {
        deep = instance(vec![Metric { name: Some("in".into()), ..deep }]);
    }
    assert_eq!(unfold(&deep), Unfolded::Unreadable);
    let nameless = instance(vec![Metric::default()]);
    assert_eq!(unfold(&nameless), Unfolded::Unreadable);
    let many = instance(vec![member("x", MetricValue::Int(1)); MEMBERS_MAX + 1]);
    assert_eq!(unfold(&many), Unfolded::Unreadable);
}

#[test]
fn a_definition_holds_no_values() {
    let template = Template { metrics: vec![member("a", MetricValue::Int(1))], is_definition: Some(true) };
    let metric =
        Metric { value: Some(MetricValue::Template(template.encode_to_vec().into())), ..Metric::default() };
    assert_eq!(unfold(&metric), Unfolded::Definition);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_bytes_are_an_answer_and_never_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let bytes = Bytes::from(bytes);
        for value in [MetricValue::DataSet(bytes.clone()), MetricValue::Template(bytes)] {
            let _answer = unfold(&Metric { value: Some(value), ..Metric::default() });
        }
    }
}
