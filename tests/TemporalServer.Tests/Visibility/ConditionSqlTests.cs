using Mainstay.TemporalServer.Visibility;
using Npgsql;
using Temporalio.Api.Enums.V1;

namespace TemporalServer.Tests.Visibility;

public sealed class ConditionSqlTests
{
    [Theory]
    [InlineData("WorkflowType = 'a'", "(workflow_type = $1)")]
    [InlineData("WorkflowType = 'a' OR TaskQueue != \"b\" AND NOT WorkflowId IS NULL", "((workflow_type = $1) or ((task_queue != $2) and (not (workflow_id is null))))")]
    [InlineData("ExecutionStatus IN ('Running', 'Failed')", "(status = $1 or status = $2)")]
    [InlineData("StartTime NOT BETWEEN '2026-01-01T00:00:00Z' AND '2026-02-01T00:00:00Z'", "(not ((start_time >= $1) and (start_time <= $2)))")]
    [InlineData("`WorkflowId` STARTS_WITH 'x'", "starts_with(workflow_id, $1)")]
    [InlineData("Number > 3", "((search_attributes ->> 'Number')::numeric > $1)")]
    [InlineData("Number = 'three'", "false")]
    [InlineData("ExecutionDuration > '1h30m'", "((extract(epoch from close_time - execution_time) * 1000000000) > $1)")]
    public void Write_Query_IsParametrised(string query, string sql) => Assert.Equal(sql, Write(query).Sql);

    [Theory]
    [InlineData("it''s", "it's")]
    [InlineData(@"it\'s", "it's")]
    [InlineData("'; drop table run; --", null)]
    [InlineData("a\"b;--", "a\"b;--")]
    public void Write_TextWithQuotes_StaysAParameter(string text, string? value)
    {
        if (value is null)
        {
            Assert.Throws<QueryException>(() => Write($"WorkflowId = '{text}'"));
            return;
        }

        var (sql, parameters) = Write($"WorkflowId = '{text}'");
        Assert.Equal(("(workflow_id = $1)", (object)value), (sql, Assert.Single(parameters).Value));
    }

    [Theory]
    [InlineData("WorkflowType =", "invalid query: malformed SQL query: syntax error at position 15")]
    [InlineData("(WorkflowType = 'a'", "invalid query: malformed SQL query: syntax error at position 20")]
    [InlineData("Nothing = 'a'", "invalid query: invalid expression: column name 'Nothing' is not a valid search attribute")]
    [InlineData("WorkflowType LIKE 'a%'", "invalid query: invalid expression: invalid operator 'like'")]
    [InlineData("ExecutionStatus = 'Sleeping'", "invalid query: invalid expression: invalid ExecutionStatus value 'Sleeping'")]
    [InlineData("StartTime > 'yesterday'", "invalid query: invalid expression: unable to parse datetime 'yesterday'")]
    [InlineData("WorkflowType = 'a' ORDER BY StartTime", "invalid query: operation is not supported: 'ORDER BY' clause")]
    public void Write_BadQuery_SaysWhy(string query, string reason) => Assert.Equal(reason, Assert.Throws<QueryException>(() => Write(query)).Message);

    private static (string Sql, List<NpgsqlParameter> Parameters) Write(string query)
    {
        var parameters = new List<NpgsqlParameter>();
        var sql = new ConditionSql(name => name == "Number" ? IndexedValueType.Int : null, parameters, RunColumns.All);
        return (sql.Write(QueryParser.Parse(query).Where!), parameters);
    }
}
