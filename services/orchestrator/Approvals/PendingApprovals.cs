using Dapper;
using Google.Protobuf.WellKnownTypes;
using Mainstay.Orchestrator.V1;
using Npgsql;

namespace Mainstay.Orchestrator.Approvals;

/// <summary>Reads the tool calls that wait for a person.</summary>
internal static class PendingApprovals
{
    private const string Select = """
        select task_id, tool_call_id, connector, tool_name, arguments::text as arguments, arguments_digest, reason, request_time, expire_time
        from approval
        where task_id = any(@TaskIds) and decision is null
        order by request_time, tool_call_id
        """;

    /// <summary>What waits, by task.</summary>
    public static async Task<ILookup<string, PendingApproval>> ReadAsync(NpgsqlConnection connection, string[] taskIds, CancellationToken cancellationToken)
    {
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(Select, new { taskIds }, cancellationToken: cancellationToken));
        return rows.ToLookup(row => row.TaskId, row => row.ToPendingApproval());
    }

    private sealed record Row(
        string TaskId,
        string ToolCallId,
        string Connector,
        string ToolName,
        string Arguments,
        string ArgumentsDigest,
        string Reason,
        DateTime RequestTime,
        DateTime ExpireTime)
    {
        public PendingApproval ToPendingApproval() => new()
        {
            ToolCallId = ToolCallId,
            Connector = Connector,
            ToolName = ToolName,
            Arguments = Struct.Parser.ParseJson(Arguments),
            ArgumentsDigest = ArgumentsDigest,
            Reason = Reason,
            RequestTime = RequestTime.ToUniversalTime().ToTimestamp(),
            ExpireTime = ExpireTime.ToUniversalTime().ToTimestamp(),
        };
    }
}
