namespace Temporalio.Converters;

/// <summary>Applies codecs to single payloads and to failures.</summary>
public static class PayloadCodecExtensions
{
    public static async Task<Payload> EncodeSingleAsync(this IPayloadCodec codec, Payload payload) =>
        (await codec.EncodeAsync([payload]).ConfigureAwait(false)).Single();

    public static async Task<Payload> DecodeSingleAsync(this IPayloadCodec codec, Payload payload) =>
        (await codec.DecodeAsync([payload]).ConfigureAwait(false)).Single();

    public static Task EncodeFailureAsync(this IPayloadCodec codec, Failure failure) => PayloadVisitor.VisitAsync(failure, codec.EncodeAsync);

    public static Task DecodeFailureAsync(this IPayloadCodec codec, Failure failure) => PayloadVisitor.VisitAsync(failure, codec.DecodeAsync);
}
