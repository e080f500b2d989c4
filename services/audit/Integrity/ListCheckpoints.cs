using System.Globalization;
using Dapper;
using Google.Protobuf.WellKnownTypes;
using Mainstay.Audit.Search;
using Mainstay.Audit.V1;
using Npgsql;

namespace Mainstay.Audit.Integrity;

/// <summary>Lists the signed checkpoints, newest first, and the keys that signed them.</summary>
internal sealed class ListCheckpoints(NpgsqlDataSource database, SigningKey signingKey, TrustedKeys trustedKeys)
{
    private const string Select = $"""
        select {SignedCheckpoint.Columns}
        from checkpoint
        where number < @Before
        order by number desc
        limit @Limit
        """;

    private const string SelectKeys = """
        select key_id, public_key as pem, create_time
        from signing_key
        order by create_time desc
        """;

    public async Task<ListCheckpointsResponse> ExecuteAsync(ListCheckpointsRequest request, CancellationToken cancellationToken)
    {
        var pageSize = PageSizes.Of(request.PageSize);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var found = (await connection.QueryAsync<SignedCheckpoint>(new CommandDefinition(
            Select, new { Before = PageTokens.Before(request.PageToken), Limit = pageSize + 1 }, cancellationToken: cancellationToken))).AsList();
        return new ListCheckpointsResponse
        {
            Checkpoints = { found.Take(pageSize).Select(checkpoint => checkpoint.ToProto()) },
            NextPageToken = found.Count > pageSize ? found[pageSize - 1].Number.ToString(CultureInfo.InvariantCulture) : "",
        };
    }

    public async Task<ListPublicKeysResponse> ListKeysAsync(CancellationToken cancellationToken)
    {
        await signingKey.GetAsync(cancellationToken);
        using var trusted = await trustedKeys.ReadAsync(cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var keys = await connection.QueryAsync<(string KeyId, string Pem, DateTime CreateTime)>(new CommandDefinition(SelectKeys, cancellationToken: cancellationToken));
        return new ListPublicKeysResponse { Keys = { keys.Select(key => ToProto(key, trusted)) } };
    }

    // What the database says under a trusted id need not be the trusted key.
    private static PublicKey ToProto((string KeyId, string Pem, DateTime CreateTime) key, KeySet trusted)
    {
        var known = trusted.ById.GetValueOrDefault(key.KeyId);
        return new PublicKey
        {
            KeyId = key.KeyId,
            Pem = known?.ExportSubjectPublicKeyInfoPem() ?? key.Pem,
            CreateTime = key.CreateTime.ToTimestamp(),
            Trusted = known is not null,
        };
    }
}
