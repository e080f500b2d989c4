using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Mainstay.Audit.Sinks.Webhook;

/// <summary>Signs with Ed25519, which .NET does not offer: by the OpenSSL 3 whose libcrypto .NET itself uses on Linux.</summary>
internal static partial class Ed25519
{
    /// <summary>The length of a private key, and of a public one.</summary>
    public const int KeyBytes = 32;

    private const string Library = "libcrypto.so.3";
    private const int SignatureBytes = 64;

    // NID_ED25519.
    private const int KeyType = 1087;

    /// <summary>Whether the machine can.</summary>
    public static bool IsSupported { get; } = NativeLibrary.TryLoad(Library, out _);

    /// <summary>The public key of a private one.</summary>
    public static byte[] PublicKeyOf(byte[] privateKey)
    {
        var publicKey = new byte[KeyBytes];
        nuint length = KeyBytes;
        WithKey(privateKey, key => GetPublicKey(key, publicKey, ref length));
        return publicKey;
    }

    /// <summary>The signature of a message.</summary>
    public static byte[] Sign(byte[] privateKey, byte[] message)
    {
        var signature = new byte[SignatureBytes];
        nuint length = SignatureBytes;
        WithKey(privateKey, key =>
        {
            var context = NewContext();
            try
            {
                // The algorithm hashes by itself: it has no digest to choose.
                return InitialiseSigning(context, 0, 0, 0, key) == 1 ? Sign(context, signature, ref length, message, (nuint)message.Length) : 0;
            }
            finally
            {
                FreeContext(context);
            }
        });
        return signature;
    }

    private static void WithKey(byte[] privateKey, Func<nint, int> act)
    {
        var key = NewKey(KeyType, 0, privateKey, KeyBytes);
        try
        {
            if (key == 0 || act(key) != 1)
            {
                throw new CryptographicException("OpenSSL could not use the Ed25519 key.");
            }
        }
        finally
        {
            FreeKey(key);
        }
    }

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_new_raw_private_key")]
    private static partial nint NewKey(int type, nint engine, byte[] key, nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_free")]
    private static partial void FreeKey(nint key);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_get_raw_public_key")]
    private static partial int GetPublicKey(nint key, byte[] publicKey, ref nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_MD_CTX_new")]
    private static partial nint NewContext();

    [LibraryImport(Library, EntryPoint = "EVP_MD_CTX_free")]
    private static partial void FreeContext(nint context);

    [LibraryImport(Library, EntryPoint = "EVP_DigestSignInit")]
    private static partial int InitialiseSigning(nint context, nint keyContext, nint digest, nint engine, nint key);

    [LibraryImport(Library, EntryPoint = "EVP_DigestSign")]
    private static partial int Sign(nint context, byte[] signature, ref nuint signatureLength, byte[] message, nuint messageLength);
}
