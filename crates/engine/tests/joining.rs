//! Two assets or parts that are one: what named either means the one that stays, and nothing is lost by it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails where it stands")]

mod common;

use common::*;
use millwright_engine::Handle as _;
use millwright_model::*;

async fn order_on(world: &World, asset_id: AssetId) -> WorkOrderId {
    let command = WorkOrderCreate {
        title: "Check the seal".into(),
        description: String::new(),
        asset_id: Some(asset_id),
        priority: Priority::Medium,
        request_id: None,
        due_at: None,
        assignee_id: None,
        steps: vec![],
    };
    world.engine.handle(command).await.unwrap()
}

async fn asset_of(world: &World, order: WorkOrderId) -> Option<AssetId> {
    world.show(order).await.overview.order.asset_id
}

fn erp_asset(code: &str) -> ErpAsset {
    ErpAsset {
        key: format!("equipment:{code}"),
        parent_key: None,
        code: code.into(),
        name: "Pump".into(),
        level: AssetLevel::Machine,
        criticality: Criticality::B,
        class: None,
    }
}

#[tokio::test]
async fn what_named_the_asset_that_gave_way_means_the_one_that_stays() {
    let world = World::new().await;
    let (typed, real) = (world.asset("PUMP 1").await, world.asset("P-101A").await);
    let before = order_on(&world, typed).await;
    world.engine.handle(AssetJoin { asset_id: typed, into: real }).await.unwrap();
    let after = order_on(&world, typed).await;
    assert_eq!(asset_of(&world, before).await, Some(real), "an order from before");
    assert_eq!(asset_of(&world, after).await, Some(real), "an order by someone who did not know");
    let view = world.engine.handle(AssetShow { asset_id: typed }).await.unwrap();
    assert_eq!(view.asset.code, "P-101A", "a link to it opens the one that stays");
    assert_eq!(view.orders.len(), 2);
    assert_eq!(
        view.joined,
        [Joined { alias_id: AliasId(typed.0), code: "PUMP 1".into(), name: "Pump".into() }]
    );
    let tree = world.engine.handle(AssetTree {}).await.unwrap();
    assert_eq!(tree.len(), 1, "it is not listed any more");
}

#[tokio::test]
async fn the_code_of_the_asset_that_gave_way_still_finds_the_machine() {
    let world = World::new().await;
    let (typed, real) = (world.asset("PUMP 1").await, world.asset("P-101A").await);
    world.engine.handle(AssetJoin { asset_id: typed, into: real }).await.unwrap();
    let found = world.engine.handle(ScanResolve { code: "PUMP 1".into() }).await.unwrap();
    assert!(matches!(found, ScanFinding::Asset { asset, .. } if asset.asset_id == real));
}

#[tokio::test]
async fn the_one_that_stays_gets_what_only_the_other_one_knew() {
    let world = World::new().await;
    let csv = "code,name,level,parent,criticality,class,uns_path\n\
               PUMP 1,Pump,machine,,a,centrifugal pump,acme/pump1\nP-101A,Cooling water pump,machine,,c,,\n";
    world.engine.handle(AssetImport { csv: csv.into(), dry_run: false }).await.unwrap();
    let tree = world.engine.handle(AssetTree {}).await.unwrap();
    let id = |code: &str| tree.iter().find(|node| node.asset.code == code).unwrap().asset.asset_id;
    world.engine.handle(AssetJoin { asset_id: id("PUMP 1"), into: id("P-101A") }).await.unwrap();
    let asset = world.engine.handle(AssetShow { asset_id: id("P-101A") }).await.unwrap().asset;
    assert_eq!(asset.name, "Cooling water pump", "its own word stands");
    assert_eq!(asset.class.as_deref(), Some("centrifugal pump"));
    assert_eq!(asset.uns_path.as_deref(), Some("acme/pump1"));
    assert_eq!(asset.criticality, Criticality::A, "the more careful judgement stands");
}

#[tokio::test]
async fn separated_again_each_has_what_was_written_for_it() {
    let world = World::new().await;
    let (typed, real) = (world.asset("PUMP 1").await, world.asset("P-101A").await);
    let (on_typed, on_real) = (order_on(&world, typed).await, order_on(&world, real).await);
    world.engine.handle(AssetJoin { asset_id: typed, into: real }).await.unwrap();
    let meanwhile = order_on(&world, real).await;
    world.engine.handle(AssetSeparate { asset_id: typed }).await.unwrap();
    assert_eq!(asset_of(&world, on_typed).await, Some(typed));
    assert_eq!(asset_of(&world, on_real).await, Some(real));
    assert_eq!(asset_of(&world, meanwhile).await, Some(real));
    let found = world.engine.handle(ScanResolve { code: "PUMP 1".into() }).await.unwrap();
    assert!(matches!(found, ScanFinding::Asset { asset, .. } if asset.asset_id == typed));
}

#[tokio::test]
async fn undone_at_once_it_never_was() {
    let world = World::new().await;
    let (typed, real) = (world.asset("PUMP 1").await, world.asset("P-101A").await);
    let order = order_on(&world, typed).await;
    let before = world.engine.database().read().await.unwrap().dump().await.unwrap();
    let done = world.engine.handle(AssetJoin { asset_id: typed, into: real }).await.unwrap();
    world.engine.handle(TxnUndo { txn_id: done.txn_id.unwrap() }).await.unwrap();
    assert_eq!(asset_of(&world, order).await, Some(typed));
    let living = |dump: std::collections::BTreeMap<String, Vec<String>>| -> Vec<String> {
        dump.into_values().flatten().filter(|line| line.ends_with(" 0")).collect()
    };
    let after = world.engine.database().read().await.unwrap().dump().await.unwrap();
    assert_eq!(living(after), living(before));
}

#[tokio::test]
async fn a_chain_of_joinings_leads_to_its_end_and_a_link_of_it_can_be_taken_out() {
    let world = World::new().await;
    let (a, b, c) = (world.asset("A-1").await, world.asset("B-1").await, world.asset("C-1").await);
    let order = order_on(&world, a).await;
    world.engine.handle(AssetJoin { asset_id: a, into: b }).await.unwrap();
    world.engine.handle(AssetJoin { asset_id: b, into: c }).await.unwrap();
    assert_eq!(asset_of(&world, order).await, Some(c));
    world.engine.handle(AssetSeparate { asset_id: b }).await.unwrap();
    assert_eq!(asset_of(&world, order).await, Some(b), "A is still B");
    world.engine.handle(AssetSeparate { asset_id: a }).await.unwrap();
    assert_eq!(asset_of(&world, order).await, Some(a));
}

#[tokio::test]
async fn built_anew_from_the_ops_the_rows_are_the_same() {
    let world = World::new().await;
    let (a, b, c) = (world.asset("A-1").await, world.asset("B-1").await, world.asset("C-1").await);
    order_on(&world, a).await;
    world.engine.handle(AssetJoin { asset_id: a, into: b }).await.unwrap();
    order_on(&world, a).await;
    world.engine.handle(AssetJoin { asset_id: b, into: c }).await.unwrap();
    order_on(&world, b).await;
    world.engine.handle(AssetSeparate { asset_id: b }).await.unwrap();
    order_on(&world, a).await;
    let before = world.engine.database().read().await.unwrap().dump().await.unwrap();
    world.engine.database().rebuild().await.unwrap();
    let after = world.engine.database().read().await.unwrap().dump().await.unwrap();
    assert_eq!(after, before);
}

#[tokio::test]
async fn what_the_erp_knows_does_not_give_way() {
    let world = World::new().await;
    world.erp.page(vec![ErpRecord::Asset(erp_asset("P-101A")), ErpRecord::Asset(erp_asset("P-101B"))]);
    world.engine.synchronise().await.unwrap();
    let typed = world.asset("PUMP 1").await;
    let tree = world.engine.handle(AssetTree {}).await.unwrap();
    let id = |code: &str| tree.iter().find(|node| node.asset.code == code).unwrap().asset.asset_id;
    let error = world.engine.handle(AssetJoin { asset_id: id("P-101A"), into: typed }).await.unwrap_err();
    assert!(error.message.contains("Keep that one"), "{error}");
    let error =
        world.engine.handle(AssetJoin { asset_id: id("P-101A"), into: id("P-101B") }).await.unwrap_err();
    assert!(error.message.contains("Join them there"), "{error}");
    world.engine.handle(AssetJoin { asset_id: typed, into: id("P-101A") }).await.unwrap();
}

#[tokio::test]
async fn a_part_of_a_machine_is_not_that_machine() {
    let world = World::new().await;
    let csv = "code,name,level,parent\nM-1,Press,machine,\nM-2,Pump of the press,machine,M-1\n";
    world.engine.handle(AssetImport { csv: csv.into(), dry_run: false }).await.unwrap();
    let tree = world.engine.handle(AssetTree {}).await.unwrap();
    let id = |code: &str| tree.iter().find(|node| node.asset.code == code).unwrap().asset.asset_id;
    for (asset_id, into) in [(id("M-1"), id("M-2")), (id("M-2"), id("M-1"))] {
        let error = world.engine.handle(AssetJoin { asset_id, into }).await.unwrap_err();
        assert!(error.message.contains("is part of"), "{error}");
    }
    let error = world.engine.handle(AssetJoin { asset_id: id("M-1"), into: id("M-1") }).await.unwrap_err();
    assert_eq!(error.code, Code::Invalid);
}
