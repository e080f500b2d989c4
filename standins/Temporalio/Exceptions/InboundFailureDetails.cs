namespace Temporalio.Exceptions;

/// <summary>Details that came over the wire, decoded when asked for.</summary>
public record InboundFailureDetails(IPayloadConverter Converter, IReadOnlyCollection<Payload>? Payloads) : IFailureDetails
{
    public int Count => Payloads?.Count ?? 0;

    public T ElementAt<T>(int index) => Converter.ToValue<T>(Payloads is { } payloads
        ? payloads.ElementAt(index)
        : throw new ArgumentOutOfRangeException(nameof(index)));
}
