using System.Runtime.CompilerServices;
using System.Text.Json;
using Dapper;
using Npgsql;

namespace Mainstay.Audit.Integrity;

/// <summary>Reads what a verification or an export needs, as it is at one moment.</summary>
internal sealed class TrailRecords : IAsyncDisposable
{
    private const int PageSize = 100;

    private const string SelectHead = "select sequence from chain_head";

    private const string SelectEnds = "select stream, sequence, hash from audit_stream where @Stream::text is null or stream = @Stream";

    private const string SelectRows = """
        select sequence, stream_sequence, entry, hash, event_id, event_time, stream, workflow_id, agent_id, action, result, service, document_id, initiated_by, trace_id
        from audit_event
        where sequence between @First and @Last and (@Stream::text is null or stream = @Stream)
        order by sequence
        """;

    private const string SelectCheckpoints = $"""
        select {SignedCheckpoint.Columns}
        from checkpoint
        where last_sequence >= @First and number > @After
        order by number
        limit @PageSize
        """;

    private const string SelectNewest = $"""
        select {SignedCheckpoint.Columns}
        from checkpoint
        order by number desc
        limit 1
        """;

    private const string SelectBefore = """
        select stream_sequence as sequence, hash
        from audit_event
        where stream = @Stream and sequence < @First
        order by sequence desc
        limit 1
        """;

    // In the words of the index.
    private const string SelectStatementBefore = """
        select statement
        from checkpoint
        where (statement::jsonb -> 'streams') ? @Name and last_sequence < @First
        order by number desc
        limit 1
        """;

    private readonly TrailSnapshot snapshot;

    private TrailRecords(TrailSnapshot snapshot, long head, SignedCheckpoint? newest) => (this.snapshot, Head, Newest) = (snapshot, head, newest);

    /// <summary>The last position that was given.</summary>
    public long Head { get; }

    /// <summary>The newest checkpoint; null when there is none yet.</summary>
    public SignedCheckpoint? Newest { get; }

    /// <summary>The connection over which entries can be read in the order of the trail.</summary>
    public NpgsqlConnection Connection => snapshot.Rows;

    /// <summary>Opens them as they are now: what is appended, signed or dropped meanwhile is no finding.</summary>
    public static async Task<TrailRecords> OpenAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var snapshot = await TrailSnapshot.TakeAsync(database, cancellationToken);
        try
        {
            var head = await snapshot.Beside.ExecuteScalarAsync<long>(new CommandDefinition(SelectHead, cancellationToken: cancellationToken));
            var newest = await snapshot.Beside.QuerySingleOrDefaultAsync<SignedCheckpoint>(new CommandDefinition(SelectNewest, cancellationToken: cancellationToken));
            return new TrailRecords(snapshot, head, newest);
        }
        catch
        {
            await snapshot.DisposeAsync();
            throw;
        }
    }

    /// <summary>The entries of a range with what is filed beside them.</summary>
    public async IAsyncEnumerable<(ChainedRow Row, EntryCopies Copies)> RowsAsync(
        long first, long last, string? stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var reader = await snapshot.Rows.ExecuteReaderAsync(new CommandDefinition(
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

    /// <summary>The next checkpoints, by number, of those that cover something from a position on.</summary>
    public Task<IEnumerable<SignedCheckpoint>> CheckpointsAsync(long first, long after, CancellationToken cancellationToken) =>
        snapshot.Beside.QueryAsync<SignedCheckpoint>(new CommandDefinition(
            SelectCheckpoints, new { First = first, After = after, PageSize }, commandTimeout: 0, cancellationToken: cancellationToken));

    /// <summary>Where those who appended left the ends of the chains.</summary>
    public Task<IEnumerable<(string Stream, long Sequence, string Hash)>> EndsAsync(string? stream, CancellationToken cancellationToken) =>
        snapshot.Beside.QueryAsync<(string Stream, long Sequence, string Hash)>(new CommandDefinition(
            SelectEnds, new { Stream = stream }, commandTimeout: 0, cancellationToken: cancellationToken));

    /// <summary>The end of a stream's chain before a position: by the entry there, or, where that was dropped, by the checkpoint that says so.</summary>
    public async Task<StreamHead?> AnchorAsync(string stream, long first)
    {
        var before = await snapshot.Beside.QuerySingleOrDefaultAsync<StreamHead>(SelectBefore, new { Stream = stream, First = first }, commandTimeout: 0);
        if (before is not null)
        {
            return before;
        }

        var name = CheckpointStatement.NameOf(stream);
        var statement = await snapshot.Beside.QuerySingleOrDefaultAsync<string>(SelectStatementBefore, new { Name = name, First = first }, commandTimeout: 0);
        try
        {
            return statement is null ? StreamHead.Empty : CheckpointStatement.Parse(statement).Streams.GetValueOrDefault(name);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public ValueTask DisposeAsync() => snapshot.DisposeAsync();
}
