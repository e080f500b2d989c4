using System.Text.Json;
using Dapper;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mainstay.Llm.V1;
using Mainstay.Orchestrator.Tasks;
using Mainstay.Orchestrator.V1;
using Npgsql;
using Task = System.Threading.Tasks.Task;

namespace Mainstay.Orchestrator.Execution;

/// <summary>Reads and writes what runs keep outside of their histories: their context and their transcripts.</summary>
internal sealed class RunStore(NpgsqlDataSource database)
{
    private const string SelectContext = """
        select task_id, team, project, initiator, rbac_scope, trace_id, agent::text as agent, input::text as input, goal,
            permission_rules::text as permission_rules, run_config::text as run_config
        from task
        where task_id = @TaskId
        """;

    private const string SelectTranscript = """
        select content::text
        from transcript_message
        where task_id = @TaskId and position < @Length
        order by position
        """;

    private const string SelectMessage = """
        select content::text
        from transcript_message
        where task_id = @TaskId and position = @Position
        """;

    // The first message that was written at a position stays: what runs twice says the same.
    private const string InsertMessage = """
        insert into transcript_message (task_id, position, content)
        values (@TaskId, @Position, @Content::json)
        on conflict (task_id, position) do nothing
        """;

    /// <summary>Reads a run's context.</summary>
    public async Task<RunContext> ReadAsync(string taskId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleAsync<ContextRow>(new CommandDefinition(SelectContext, new { taskId }, cancellationToken: cancellationToken));
        return new RunContext(
            row.TaskId,
            row.Team,
            row.Project,
            row.Initiator,
            row.RbacScope,
            row.TraceId,
            Agent.Parser.ParseJson(row.Agent),
            Struct.Parser.ParseJson(row.Input),
            row.Goal,
            [.. PermissionRulesJson.Read(row.PermissionRules)],
            row.RunConfig is null ? null : JsonSerializer.Deserialize<RunConfig>(row.RunConfig));
    }

    /// <summary>Reads the first messages of a transcript.</summary>
    public async Task<IReadOnlyList<Message>> ReadTranscriptAsync(string taskId, int length, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var messages = (await connection.QueryAsync<string>(new CommandDefinition(
            SelectTranscript, new { taskId, length }, cancellationToken: cancellationToken))).Select(Message.Parser.ParseJson).ToList();
        return messages.Count == length
            ? messages
            : throw new InvalidOperationException($"The transcript of {taskId} has {messages.Count} of its {length} messages.");
    }

    /// <summary>Reads one message of a transcript.</summary>
    public async Task<Message> ReadMessageAsync(string taskId, int position, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return Message.Parser.ParseJson(await connection.QuerySingleAsync<string>(new CommandDefinition(
            SelectMessage, new { taskId, position }, cancellationToken: cancellationToken)));
    }

    /// <summary>Writes a message at its position, once.</summary>
    public static async Task WriteMessageAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string taskId, int position, Message message, CancellationToken cancellationToken) =>
        await connection.ExecuteAsync(new CommandDefinition(
            InsertMessage, new { taskId, position, Content = JsonFormatter.Default.Format(message) }, transaction, cancellationToken: cancellationToken));

    private sealed record ContextRow(
        string TaskId,
        string Team,
        string Project,
        string Initiator,
        string RbacScope,
        string TraceId,
        string Agent,
        string Input,
        string Goal,
        string PermissionRules,
        string? RunConfig);
}
