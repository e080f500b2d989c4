using Mainstay.ServiceDefaults.Configuration;
using Temporalio.Converters;

namespace Mainstay.Orchestrator.Engine.Payloads;

/// <summary>Reads from the configuration in what form arguments, results and failures leave the process.</summary>
internal static class PayloadConversion
{
    /// <summary>Plain JSON; compressed and encrypted if so configured, messages of failures as well.</summary>
    public static DataConverter Read(IConfiguration configuration)
    {
        List<IPayloadCodec> codecs = [];
        if (configuration["temporal:compress_payloads"] is { Length: > 0 } text)
        {
            if (!bool.TryParse(text, out var compress))
            {
                throw new MainstayConfigurationException($"'temporal:compress_payloads' must be true or false, not '{text}'.");
            }

            if (compress)
            {
                codecs.Add(new CompressionCodec());
            }
        }

        // Last: what is encrypted does not get smaller.
        var encrypts = configuration["temporal:encryption_keys_file"] is { Length: > 0 };
        if (encrypts)
        {
            codecs.Add(new EncryptionCodec(EncryptionKey.Read(configuration["temporal:encryption_keys_file"]!)));
        }

        return DataConverter.Default with
        {
            PayloadCodec = codecs.Count == 0 ? null : new CodecChain(codecs),
            FailureConverter = encrypts ? new DefaultFailureConverter.WithEncodedCommonAttributes() : DataConverter.Default.FailureConverter,
        };
    }
}
