namespace Temporalio.Exceptions;

/// <summary>Details as the application gave them.</summary>
public record OutboundFailureDetails(IReadOnlyCollection<object?>? Details) : IFailureDetails
{
    public int Count => Details?.Count ?? 0;

    public T ElementAt<T>(int index) => Details is { } details
        ? (T)details.ElementAt(index)!
        : throw new ArgumentOutOfRangeException(nameof(index));
}
