using System.Security.Cryptography;

namespace Microsoft.IdentityModel.Tokens;

/// <summary>A key that signs or verifies tokens.</summary>
public abstract class SecurityKey
{
    /// <summary>The key's id; null when it has none.</summary>
    public virtual string? KeyId { get; set; }

    /// <summary>The key's length in bits.</summary>
    public abstract int KeySize { get; }

    // Only what the key is made for: an RSA key never verifies a MAC over its own public half.
    internal abstract bool Verifies(string algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);
}

/// <summary>An RSA key.</summary>
public class RsaSecurityKey(RSA rsa) : SecurityKey
{
    /// <summary>Creates a key from its parameters.</summary>
    public RsaSecurityKey(RSAParameters rsaParameters)
        : this(RSA.Create(rsaParameters))
    {
    }

    /// <summary>The key.</summary>
    public RSA Rsa { get; } = rsa;

    /// <inheritdoc />
    public override int KeySize => Rsa.KeySize;

    internal override bool Verifies(string algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) => algorithm switch
    {
        "RS256" => Rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        "RS384" => Rsa.VerifyData(data, signature, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1),
        "RS512" => Rsa.VerifyData(data, signature, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
        "PS256" => Rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
        _ => false,
    };
}

/// <summary>An elliptic-curve key.</summary>
public class ECDsaSecurityKey(ECDsa ecdsa) : SecurityKey
{
    /// <summary>The key.</summary>
    public ECDsa ECDsa { get; } = ecdsa;

    /// <inheritdoc />
    public override int KeySize => ECDsa.KeySize;

    // RFC 7518, 3.4: each algorithm is for one curve.
    internal override bool Verifies(string algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) => (algorithm, KeySize) switch
    {
        ("ES256", 256) => ECDsa.VerifyData(data, signature, HashAlgorithmName.SHA256),
        ("ES384", 384) => ECDsa.VerifyData(data, signature, HashAlgorithmName.SHA384),
        ("ES512", 521) => ECDsa.VerifyData(data, signature, HashAlgorithmName.SHA512),
        _ => false,
    };
}
