using Dapper;
using Mainstay.Skills.Catalog;
using Npgsql;

namespace Mainstay.Skills.Publishing;

/// <summary>Remembers what was asked under which request_id, so that a repeated request is answered rather than carried out.</summary>
internal static class RequestMemory
{
    private const string Select = $"""
        select request.digest as request_digest, {SkillRow.Columns}
        from publish_request request
        join skill_version version on version.id = request.skill_version_id
        where request.publisher = @Publisher and request.request_id = @RequestId
        """;

    private const string Insert = """
        insert into publish_request (publisher, request_id, digest, skill_version_id, request_time)
        values (@Publisher, @RequestId, @Digest, @Id, @RequestTime)
        """;

    /// <summary>Waits for the same request under way, and returns the digest and the version that an earlier one led to.</summary>
    public static async Task<(string Digest, SkillRow Row)?> RecallAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string publisher, string requestId, CancellationToken cancellationToken)
    {
        if (requestId.Length == 0)
        {
            return null;
        }

        if (!Guid.TryParse(requestId, out _))
        {
            throw SkillErrors.FieldInvalid(("request_id", "must be a UUID or empty"));
        }

        await connection.ExecuteAsync(new CommandDefinition(
            "select pg_advisory_xact_lock(hashtextextended(@Key, 0))", new { Key = $"{publisher}/{requestId}" }, transaction, cancellationToken: cancellationToken));
        var known = await connection.QueryAsync<string, SkillRow, (string, SkillRow)>(
            new CommandDefinition(Select, new { publisher, requestId }, transaction, cancellationToken: cancellationToken),
            (digest, row) => (digest, row),
            splitOn: "content");
        return known.Select(request => ((string, SkillRow)?)request).SingleOrDefault();
    }

    /// <summary>Remembers what a request has led to.</summary>
    public static async Task RememberAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string publisher, string requestId, string digest, Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (requestId.Length > 0)
        {
            await connection.ExecuteAsync(new CommandDefinition(
                Insert, new { publisher, requestId, digest, id, RequestTime = now }, transaction, cancellationToken: cancellationToken));
        }
    }
}
