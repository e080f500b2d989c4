using System.Security.Cryptography;
using System.Text;
using Dapper;
using Mainstay.ServiceDefaults.Configuration;
using Npgsql;

namespace Mainstay.Audit.Integrity;

/// <summary>The key that signs checkpoints: ECDSA over P-256.</summary>
internal sealed partial class SigningKey(IntegrityOptions options, NpgsqlDataSource database, TimeProvider clock, ILogger<SigningKey> logger) : IDisposable
{
    private const string SelectPrivate = """
        select private_key
        from signing_key
        where private_key is not null
        order by create_time
        limit 1
        """;

    private const string Insert = """
        insert into signing_key (key_id, public_key, private_key, create_time)
        values (@KeyId, @PublicKey, @PrivateKey, @CreateTime)
        on conflict (key_id) do nothing
        """;

    private readonly SemaphoreSlim turn = new(1);
    private ECDsa? key;

    /// <summary>The key's id: the first 16 digits of the SHA-256 of its SubjectPublicKeyInfo.</summary>
    public static string IdOf(ECDsa key) => Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))[..16];

    /// <summary>Whether a signature is a key's.</summary>
    public static bool IsSigned(ECDsa key, string statement, byte[] signature) =>
        key.VerifyData(Encoding.UTF8.GetBytes(statement), signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    /// <summary>Signs a statement.</summary>
    public static byte[] Sign(ECDsa key, string statement) =>
        key.SignData(Encoding.UTF8.GetBytes(statement), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    /// <summary>The key, whose public half is in the database from now on.</summary>
    public async Task<ECDsa> GetAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            return key ??= options.SigningKeyFile is { } file ? await FromFileAsync(file, cancellationToken) : await FromDatabaseAsync(cancellationToken);
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose()
    {
        key?.Dispose();
        turn.Dispose();
    }

    /// <summary>Reads a key of a PEM file; one that is no P-256 key is a <see cref="MainstayConfigurationException"/>.</summary>
    public static ECDsa Read(string file)
    {
        var read = ECDsa.Create();
        try
        {
            read.ImportFromPem(File.ReadAllText(file));
            if (read.KeySize == 256)
            {
                return read;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            read.Dispose();
            throw new MainstayConfigurationException($"'{file}' holds no ECDSA key in PEM: {exception.Message}");
        }

        read.Dispose();
        throw new MainstayConfigurationException($"'{file}' holds a key that is not over the curve P-256.");
    }

    private async Task<ECDsa> FromFileAsync(string file, CancellationToken cancellationToken)
    {
        var read = Read(file);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await InsertAsync(connection, read, keepPrivate: false, cancellationToken);
        return read;
    }

    private async Task<ECDsa> FromDatabaseAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition("lock table signing_key", transaction: transaction, cancellationToken: cancellationToken));
        var pem = await connection.ExecuteScalarAsync<string>(new CommandDefinition(SelectPrivate, transaction: transaction, cancellationToken: cancellationToken));
        var read = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (pem is null)
        {
            await InsertAsync(connection, read, keepPrivate: true, cancellationToken);
        }
        else
        {
            read.ImportFromPem(pem);
        }

        await transaction.CommitAsync(cancellationToken);
        Log.KeptInDatabase(logger, IdOf(read));
        return read;
    }

    private Task InsertAsync(NpgsqlConnection connection, ECDsa made, bool keepPrivate, CancellationToken cancellationToken) => connection.ExecuteAsync(new CommandDefinition(
        Insert,
        new
        {
            KeyId = IdOf(made),
            PublicKey = made.ExportSubjectPublicKeyInfoPem(),
            PrivateKey = keepPrivate ? made.ExportPkcs8PrivateKeyPem() : null,
            CreateTime = clock.GetUtcNow(),
        },
        cancellationToken: cancellationToken));

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "The key {KeyId} that signs checkpoints is kept in the database, where whoever can alter the trail can sign it; audit.signing_key_file keeps it outside")]
        public static partial void KeptInDatabase(ILogger logger, string keyId);
    }
}
