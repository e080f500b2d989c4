using Dapper;
using Npgsql;

namespace Mainstay.Audit.Integrity;

/// <summary>Signs what has been stored since the last checkpoint.</summary>
internal sealed class MakeCheckpoint(NpgsqlDataSource database, SigningKey signingKey, IntegrityOptions options, TimeProvider clock)
{
    private const string TakeTurn = "select pg_advisory_xact_lock(hashtextextended('audit-checkpoint', 0))";

    private const string SelectLast = $"""
        select {SignedCheckpoint.Columns}
        from checkpoint
        order by number desc
        limit 1
        """;

    // Computed where the entries lie, as there are many.
    private const string SelectCovered = """
        with covered as materialized (
            select sequence, stream, stream_sequence, hash
            from audit_event
            where sequence > @After and sequence <= @Through
        ), digest as (
            select encode(sha256(convert_to(coalesce(string_agg(hash, '' order by sequence), ''), 'UTF8')), 'hex') as digest
            from covered
        ), ends as (
            select max(sequence) as sequence
            from covered
            group by stream
        )
        select digest, stream, stream_sequence, hash
        from digest
        left join (covered join ends using (sequence)) on true
        """;

    private const string SelectHead = "select sequence from chain_head";

    private const string Insert = $"""
        insert into checkpoint ({SignedCheckpoint.Columns})
        values (@Number, @CreateTime, @FirstSequence, @LastSequence, @Statement, @Signature, @KeyId)
        """;

    /// <summary>Signs everything that is due: when enough has come, or some and long ago enough, or <paramref name="now"/>, whatever there is.</summary>
    public async Task ExecuteAsync(bool now, CancellationToken cancellationToken)
    {
        while (await MakeAsync(now, cancellationToken))
        {
        }
    }

    /// <summary>Signs, in a transaction, up to a full checkpoint's number of entries; null when there are none.</summary>
    public async Task<SignedCheckpoint?> ExecuteAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, bool now, long droppedThrough, CancellationToken cancellationToken)
    {
        var key = await signingKey.GetAsync(cancellationToken);
        await TakeTurnAsync(connection, transaction, cancellationToken);
        var last = await connection.QuerySingleOrDefaultAsync<SignedCheckpoint>(new CommandDefinition(SelectLast, transaction: transaction, cancellationToken: cancellationToken));
        var head = await connection.ExecuteScalarAsync<long>(new CommandDefinition(SelectHead, transaction: transaction, cancellationToken: cancellationToken));
        var after = last?.LastSequence ?? 0;
        var time = clock.GetUtcNow();
        var isDue = now || head - after >= options.CheckpointEvents || last is null || time - last.CreateTime >= options.CheckpointInterval;
        if (head <= after || !isDue)
        {
            return null;
        }

        var through = Math.Min(head, after + options.CheckpointEvents);
        var (digest, streams) = await DigestAsync(connection, transaction, after, through, cancellationToken);
        var dropped = Math.Max(droppedThrough, last is null ? 0 : CheckpointStatement.Parse(last.Statement).DroppedThrough);
        var statement = new CheckpointStatement(
            1, (last?.Number ?? 0) + 1, time, after + 1, through, digest, streams, last?.StatementDigest ?? HashChain.Genesis, dropped, SigningKey.IdOf(key));
        var text = statement.Write();
        var made = new SignedCheckpoint(statement.Number, time.UtcDateTime, after + 1, through, text, SigningKey.Sign(key, text), statement.KeyId);
        await connection.ExecuteAsync(new CommandDefinition(Insert, made, transaction, cancellationToken: cancellationToken));
        return made;
    }

    /// <summary>Waits until no other process makes checkpoints, or drops what they cover, and keeps it so until the transaction ends.</summary>
    public static Task TakeTurnAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(TakeTurn, transaction: transaction, commandTimeout: 0, cancellationToken: cancellationToken));

    private static async Task<(string Digest, Dictionary<string, StreamHead> Streams)> DigestAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long after, long through, CancellationToken cancellationToken)
    {
        var ends = (await connection.QueryAsync<(string Digest, string Stream, long Sequence, string Hash)>(new CommandDefinition(
            SelectCovered, new { After = after, Through = through }, transaction, commandTimeout: 0, cancellationToken: cancellationToken))).AsList();

        // Where all were removed from the table, there is a digest of nothing, by which that is found.
        return (ends[0].Digest, ends.Where(end => end.Stream is not null).ToDictionary(end => CheckpointStatement.NameOf(end.Stream), end => new StreamHead(end.Sequence, end.Hash)));
    }

    private async Task<bool> MakeAsync(bool now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var made = await ExecuteAsync(connection, transaction, now, 0, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return made is not null;
    }
}
