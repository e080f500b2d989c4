using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Dapper;
using Npgsql;

namespace Mainstay.Audit.Integrity;

/// <summary>Reads what a verification needs.</summary>
internal sealed class TrailRecords(NpgsqlDataSource database)
{
    private const string SelectRows = """
        select sequence, stream_sequence, entry, hash, event_id, event_time, stream, workflow_id, agent_id, action, result, service, document_id, initiated_by, trace_id
        from audit_event
        where sequence between @First and @Last and (@Stream::text is null or stream = @Stream)
        order by sequence
        """;

    private const string SelectCheckpoints = $"select {SignedCheckpoint.Columns} from checkpoint order by number";

    private const string SelectKeys = "select key_id, public_key from signing_key";

    private const string SelectBefore = """
        select stream_sequence as sequence, hash
        from audit_event
        where stream = @Stream and sequence < @First
        order by sequence desc
        limit 1
        """;

    private const string SelectCheckpointsBefore = $"""
        select {SignedCheckpoint.Columns}
        from checkpoint
        where last_sequence < @First
        order by number desc
        """;

    /// <summary>The entries of a range with what is filed beside them.</summary>
    public async IAsyncEnumerable<(ChainedRow Row, EntryCopies Copies)> RowsAsync(
        NpgsqlConnection connection, long first, long last, string? stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var reader = await connection.ExecuteReaderAsync(new CommandDefinition(
            SelectRows, new { First = first, Last = last, Stream = stream }, commandTimeout: 0, cancellationToken: cancellationToken));
        while (await reader.ReadAsync(cancellationToken))
        {
            var copies = new EntryCopies(
                reader.GetString(4),
                reader.GetDateTime(5),
                reader.GetString(6),
                reader.GetString(7),
                reader.GetString(8),
                reader.GetString(9),
                reader.GetString(10),
                reader.GetString(11),
                reader.GetString(12),
                reader.GetString(13),
                reader.GetString(14));
            yield return (new ChainedRow(reader.GetInt64(0), copies.EventId, copies.Stream, reader.GetInt64(1), reader.GetString(2), reader.GetString(3)), copies);
        }
    }

    /// <summary>All checkpoints, by number.</summary>
    public async Task<IReadOnlyList<SignedCheckpoint>> CheckpointsAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<SignedCheckpoint>(new CommandDefinition(SelectCheckpoints, cancellationToken: cancellationToken))).AsList();

    /// <summary>The keys that have signed.</summary>
    public async Task<IReadOnlyDictionary<string, ECDsa>> KeysAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var keys = new Dictionary<string, ECDsa>();
        foreach (var (keyId, pem) in await connection.QueryAsync<(string KeyId, string Pem)>(new CommandDefinition(SelectKeys, cancellationToken: cancellationToken)))
        {
            var key = ECDsa.Create();
            key.ImportFromPem(pem);
            keys[keyId] = key;
        }

        return keys;
    }

    /// <summary>The end of a stream's chain before a position: by the entry there, or, where that was dropped, by the checkpoint that says so.</summary>
    public async Task<StreamHead?> AnchorAsync(string stream, long first)
    {
        await using var connection = await database.OpenConnectionAsync();
        var before = await connection.QuerySingleOrDefaultAsync<StreamHead>(SelectBefore, new { Stream = stream, First = first }, commandTimeout: 0);
        if (before is not null)
        {
            return before;
        }

        var name = CheckpointStatement.NameOf(stream);
        await foreach (var checkpoint in connection.QueryUnbufferedAsync<SignedCheckpoint>(SelectCheckpointsBefore, new { First = first }))
        {
            if (CheckpointStatement.Parse(checkpoint.Statement).Streams.TryGetValue(name, out var head))
            {
                return head;
            }
        }

        return StreamHead.Empty;
    }
}
