-- The views that other programs may read: a contract, described column by column in docs/data.md. They are no part of a
-- migration: `local-db/src/views.rs` lays them anew where their text changed. Within a version of the contract columns are
-- added at the end and none goes or changes its meaning. Instants are texts in UTC; people are ids, never names.

create view v_asset as
select asset_id, parent_id, level, code, name, erp_number, uns_path, criticality, class
from asset where deleted = 0;

create view v_person as
select person_id, language, coalesce(role, 'technician') as role,
    strftime('%Y-%m-%dT%H:%M:%SZ', left_at / 1000, 'unixepoch') as left_at
from person where deleted = 0;

create view v_work_order as
select o.work_order_id, coalesce(o.erp_number, o.local_number) as number, o.erp_number, o.local_number, o.title, o.work_kind,
    o.asset_id, a.code as asset_code, o.request_id, o.status, o.hold_cause, o.priority,
    strftime('%Y-%m-%dT%H:%M:%SZ', o.due_at / 1000, 'unixepoch') as due_at,
    strftime('%Y-%m-%dT%H:%M:%SZ', o.planned_start_at / 1000, 'unixepoch') as planned_start_at,
    o.planned_minutes, o.assignee_id, o.found_code, o.done_code, o.details_pending,
    strftime('%Y-%m-%dT%H:%M:%SZ', o.created_at / 1000, 'unixepoch') as created_at,
    strftime('%Y-%m-%dT%H:%M:%SZ', o.started_at / 1000, 'unixepoch') as started_at,
    strftime('%Y-%m-%dT%H:%M:%SZ', o.completed_at / 1000, 'unixepoch') as completed_at,
    (select coalesce(sum(l.minutes), 0) from labour l where l.work_order_id = o.work_order_id and l.deleted = 0) as labour_minutes,
    (select count(*) from work_step s where s.work_order_id = o.work_order_id and s.deleted = 0) as steps,
    (select count(s.outcome) from work_step s where s.work_order_id = o.work_order_id and s.deleted = 0) as steps_recorded,
    json_extract(o.plan_occasion, '$.maintenance_plan_id') as maintenance_plan_id
from work_order o left join asset a on a.asset_id = o.asset_id where o.deleted = 0;

create view v_work_step as
select work_step_id, work_order_id, position, title, json_extract(form, '$.kind') as asks_for, mandatory,
    json_extract(outcome, '$.kind') as outcome, json_extract(outcome, '$.value') as value,
    json_extract(form, '$.unit') as unit, json_extract(form, '$.low') as low, json_extract(form, '$.high') as high,
    json_extract(outcome, '$.in_limits') as in_limits,
    strftime('%Y-%m-%dT%H:%M:%SZ', recorded_at / 1000, 'unixepoch') as recorded_at, recorded_by as recorded_by_id
from work_step where deleted = 0;

create view v_labour as
select l.labour_id, l.work_order_id, coalesce(o.erp_number, o.local_number) as order_number, o.asset_id, l.person_id, l.minutes,
    l.worked_on, l.corrects as corrects_id,
    strftime('%Y-%m-%dT%H:%M:%SZ', l.recorded_at / 1000, 'unixepoch') as recorded_at
from labour l left join work_order o on o.work_order_id = l.work_order_id where l.deleted = 0;

create view v_part as
select part_id, number, name, unit from part where deleted = 0;

create view v_part_use as
select u.part_use_id, u.work_order_id, coalesce(o.erp_number, o.local_number) as order_number, o.asset_id, u.part_id,
    p.number as part_number, json_extract(u.quantity, '$.thousandths') / 1000.0 as quantity,
    json_extract(u.quantity, '$.unit') as unit, u.location, u.corrects as corrects_id,
    strftime('%Y-%m-%dT%H:%M:%SZ', u.recorded_at / 1000, 'unixepoch') as recorded_at, u.recorded_by as recorded_by_id
from part_use u left join work_order o on o.work_order_id = u.work_order_id left join part p on p.part_id = u.part_id
where u.deleted = 0;

create view v_stock as
select s.stock_id, s.part_id, p.number as part_number, s.location, s.bin,
    json_extract(s.on_hand, '$.thousandths') / 1000.0 as on_hand, json_extract(s.on_hand, '$.unit') as unit,
    strftime('%Y-%m-%dT%H:%M:%SZ', s.as_of / 1000, 'unixepoch') as as_of
from stock s left join part p on p.part_id = s.part_id where s.deleted = 0;

create view v_request as
select r.request_id, coalesce(r.erp_number, r.local_number) as number, r.asset_id, a.code as asset_code, r.priority,
    r.machine_down, r.status, strftime('%Y-%m-%dT%H:%M:%SZ', r.raised_at / 1000, 'unixepoch') as raised_at,
    r.raised_by as raised_by_id
from request r left join asset a on a.asset_id = r.asset_id where r.deleted = 0;

create view v_downtime as
select d.downtime_id, d.asset_id, a.code as asset_code,
    strftime('%Y-%m-%dT%H:%M:%SZ', d.from_at / 1000, 'unixepoch') as from_at,
    strftime('%Y-%m-%dT%H:%M:%SZ', d.to_at / 1000, 'unixepoch') as to_at,
    (d.to_at - d.from_at) / 60000.0 as minutes, d.reason_code
from downtime d left join asset a on a.asset_id = d.asset_id where d.deleted = 0;

create view v_reading as
select r.reading_id, r.asset_id, a.code as asset_code, r.work_order_id, r.name, r.value, r.unit, r.corrects as corrects_id,
    strftime('%Y-%m-%dT%H:%M:%SZ', r.read_at / 1000, 'unixepoch') as read_at, r.read_by as read_by_id
from reading r left join asset a on a.asset_id = r.asset_id where r.deleted = 0;

create view v_plan as
select m.maintenance_plan_id, m.asset_id, a.code as asset_code, m.title, m.priority, m.mode,
    json_extract(m.rhythm, '$.by') as comes_by, m.planned_minutes, m.lead_days,
    strftime('%Y-%m-%dT%H:%M:%SZ', m.ended_at / 1000, 'unixepoch') as ended_at
from maintenance_plan m left join asset a on a.asset_id = m.asset_id where m.deleted = 0;

create view v_handover as
select h.handover_id, h.shift_name, strftime('%Y-%m-%dT%H:%M:%SZ', h.shift_starts_at / 1000, 'unixepoch') as shift_starts_at,
    strftime('%Y-%m-%dT%H:%M:%SZ', h.shift_ends_at / 1000, 'unixepoch') as shift_ends_at,
    strftime('%Y-%m-%dT%H:%M:%SZ', h.given_at / 1000, 'unixepoch') as given_at, h.given_by as given_by_id,
    json_array_length(h.items) + (h.text <> '') as items,
    (select count(distinct k.item_id) from handover_acknowledgement k
        where k.handover_id = h.handover_id and k.deleted = 0) as items_read
from handover h where h.deleted = 0;

create view v_delivery as
select delivery_id, txn_id, target, step, entity, entity_id, state, attempts,
    strftime('%Y-%m-%dT%H:%M:%SZ', planned_at / 1000, 'unixepoch') as planned_at,
    strftime('%Y-%m-%dT%H:%M:%SZ', settled_at / 1000, 'unixepoch') as settled_at
from delivery;
