-- The list of orders is read in its order, however many there are: the same terms as in `table/work_order.rs`.
create index work_order_urgency on work_order (
    status in ('completed', 'cancelled'),
    case status when 'in_progress' then 0 when 'on_hold' then 2 else 1 end,
    case priority when 'emergency' then 0 when 'high' then 1 when 'medium' then 2 else 3 end,
    coalesce(due_at, 9e15),
    created_at
) where deleted = 0;
create index work_order_assignee on work_order (assignee_id) where deleted = 0 and assignee_id is not null;
