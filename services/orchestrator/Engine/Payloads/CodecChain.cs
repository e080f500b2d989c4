using Temporalio.Api.Common.V1;
using Temporalio.Converters;

namespace Mainstay.Orchestrator.Engine.Payloads;

/// <summary>Several codecs in a row: encodes by the first to the last, decodes by the last to the first.</summary>
internal sealed class CodecChain(IReadOnlyList<IPayloadCodec> codecs) : IPayloadCodec
{
    public async Task<IReadOnlyCollection<Payload>> EncodeAsync(IReadOnlyCollection<Payload> payloads)
    {
        foreach (var codec in codecs)
        {
            payloads = await codec.EncodeAsync(payloads);
        }

        return payloads;
    }

    public async Task<IReadOnlyCollection<Payload>> DecodeAsync(IReadOnlyCollection<Payload> payloads)
    {
        foreach (var codec in codecs.Reverse())
        {
            payloads = await codec.DecodeAsync(payloads);
        }

        return payloads;
    }
}
