-- uses: pipeline, persons
-- Open deals with people: of each part of the decision whether nobody is known (0), somebody (1), somebody in touch (2).
-- The part is that in the deal where its words tell, else that of the person.
select
    deals.opportunity_id,
    deals.account_id,
    deals.owner_id,
    deals.stage_std,
    deals.amount,
    deals.expected_close_date,
    count(involved.contact_id) as n_people,
    count(case when involved.part = 'unknown' then 1 end) as n_unknown,
    coalesce(max(case when involved.part = 'decision_maker' then 1 + involved.is_active end), 0) as decision_maker,
    coalesce(max(case when involved.part = 'approver' then 1 + involved.is_active end), 0) as approver,
    coalesce(max(case when involved.part = 'evaluator' then 1 + involved.is_active end), 0) as evaluator,
    coalesce(max(case when involved.part = 'user' then 1 + involved.is_active end), 0) as deal_user,
    coalesce(max(case when involved.function = 'procurement' then 1 + involved.is_active end), 0) as procurement,
    coalesce(max(case when involved.function = 'finance' then 1 + involved.is_active end), 0) as finance
from pipeline as deals
left join (
    select distinct
        opportunity_contacts.opportunity_id,
        persons.contact_id,
        persons.function,
        persons.is_active,
        case
            when lower(opportunity_contacts.role) like '%decision%' or opportunity_contacts.role like '%决策%'
                or opportunity_contacts.role like '%決策%' then 'decision_maker'
            when lower(opportunity_contacts.role) like '%approv%' or opportunity_contacts.role like '%审批%'
                or opportunity_contacts.role like '%審批%' then 'approver'
            when lower(opportunity_contacts.role) like '%evaluat%' or opportunity_contacts.role like '%评估%'
                or opportunity_contacts.role like '%評估%' then 'evaluator'
            when lower(opportunity_contacts.role) like '%user%' or opportunity_contacts.role like '%使用%' then 'user'
            else coalesce(contacts.decision_role, 'unknown')
        end as part
    from opportunity_contacts
    inner join persons on opportunity_contacts.contact_id = persons.contact_id
    inner join contacts on persons.contact_id = contacts.contact_id
) as involved on deals.opportunity_id = involved.opportunity_id
where deals.status = 'open'
group by deals.opportunity_id, deals.account_id, deals.owner_id, deals.stage_std, deals.amount, deals.expected_close_date
order by deals.opportunity_id
