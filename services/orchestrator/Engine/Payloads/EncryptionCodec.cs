using System.Security.Cryptography;
using Google.Protobuf;
using Temporalio.Api.Common.V1;
using Temporalio.Converters;

namespace Mainstay.Orchestrator.Engine.Payloads;

/// <summary>Encrypts every payload with AES-256-GCM before it leaves the process, in the layout of Temporal's own samples: nonce, ciphertext, tag.</summary>
/// <remarks>The first key encrypts; all of them decrypt, so that a key can be replaced while histories still hold what it encrypted.</remarks>
internal sealed class EncryptionCodec(IReadOnlyList<EncryptionKey> keys) : IPayloadCodec
{
    private const string Encoding = "binary/encrypted";
    private const int NonceSize = 12;
    private const int TagSize = 16;

    public Task<IReadOnlyCollection<Payload>> EncodeAsync(IReadOnlyCollection<Payload> payloads) =>
        Task.FromResult<IReadOnlyCollection<Payload>>([.. payloads.Select(Encrypt)]);

    public Task<IReadOnlyCollection<Payload>> DecodeAsync(IReadOnlyCollection<Payload> payloads) =>
        Task.FromResult<IReadOnlyCollection<Payload>>([.. payloads.Select(Decrypt)]);

    private Payload Encrypt(Payload payload)
    {
        var plain = payload.ToByteArray();
        var sealedBytes = new byte[NonceSize + plain.Length + TagSize];
        var nonce = sealedBytes.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(keys[0].Bytes, TagSize);
        aes.Encrypt(nonce, plain, sealedBytes.AsSpan(NonceSize, plain.Length), sealedBytes.AsSpan(NonceSize + plain.Length));
        return new()
        {
            Metadata = { ["encoding"] = ByteString.CopyFromUtf8(Encoding), ["encryption-cipher"] = ByteString.CopyFromUtf8("AES-256-GCM"), ["encryption-key-id"] = ByteString.CopyFromUtf8(keys[0].Id) },
            Data = UnsafeByteOperations.UnsafeWrap(sealedBytes),
        };
    }

    private Payload Decrypt(Payload payload)
    {
        // What was written before encryption was switched on stays readable.
        if (!payload.Metadata.TryGetValue("encoding", out var encoding) || encoding.ToStringUtf8() != Encoding)
        {
            return payload;
        }

        var id = payload.Metadata.TryGetValue("encryption-key-id", out var named) ? named.ToStringUtf8() : string.Empty;
        var key = keys.FirstOrDefault(known => known.Id == id) ?? throw new CryptographicException($"The payload was encrypted with the key '{id}', which is not in 'temporal:encryption_keys_file'.");
        var bytes = payload.Data.Span;
        if (bytes.Length < NonceSize + TagSize)
        {
            throw new CryptographicException("The payload is too short to be encrypted.");
        }

        var plain = new byte[bytes.Length - NonceSize - TagSize];
        using var aes = new AesGcm(key.Bytes, TagSize);
        aes.Decrypt(bytes[..NonceSize], bytes[NonceSize..^TagSize], bytes[^TagSize..], plain);
        return Payload.Parser.ParseFrom(plain);
    }
}
