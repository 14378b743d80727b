-- Contracts and deals that are named after something developed together. 联合 alone is not enough: companies are called so.
select
    kind,
    id
from (
    select 'contract' as kind, contract_id as id, contract_name as name from contracts
    union all
    select 'deal' as kind, opportunity_id as id, opportunity_name as name from opportunities
) as named
where
    lower(name) like '%innovation%'
    or lower(name) like '%joint %'
    or lower(name) like '%co-develop%'
    or name like '%创新%'
    or name like '%創新%'
    or name like '%联合研%'
    or name like '%聯合研%'
    or name like '%联合开发%'
    or name like '%聯合開發%'
    or name like '%联合实验%'
    or name like '%聯合實驗%'
