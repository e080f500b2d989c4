using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Mainstay.LocalStack.Auth;

/// <summary>The ES256 key that development tokens are signed with, and the key set that the services check them by.</summary>
internal sealed class SigningKey(RunDirectory directory)
{
    private readonly string path = Path.Combine(directory.Auth, "signing-key.pem");

    /// <summary>The JWKS file: the public half.</summary>
    public string KeySetPath { get; } = Path.Combine(directory.Auth, "jwks.json");

    /// <summary>Names a key by its public half.</summary>
    public static string KeyId(ECDsa key) => Base64Url.EncodeToString(SHA256.HashData(key.ExportSubjectPublicKeyInfo()).AsSpan(0, 12));

    /// <summary>Makes the key and its key set when they are not there.</summary>
    public void Ensure()
    {
        if (!File.Exists(path))
        {
            using var created = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            RunDirectory.WriteSecret(path, created.ExportPkcs8PrivateKeyPem());
        }

        using var key = Open();
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var keySet = new
        {
            keys = new[]
            {
                new { kty = "EC", crv = "P-256", use = "sig", alg = "ES256", kid = KeyId(key), x = Base64Url.EncodeToString(point.X), y = Base64Url.EncodeToString(point.Y) },
            },
        };
        RunDirectory.WriteSecret(KeySetPath, JsonSerializer.Serialize(keySet));
    }

    /// <summary>Opens the private key; without one, says how to get it.</summary>
    public ECDsa Open()
    {
        if (!File.Exists(path))
        {
            throw new LocalStackException("There is no signing key yet: './build.sh up' makes one.");
        }

        var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(path));
        return key;
    }
}
