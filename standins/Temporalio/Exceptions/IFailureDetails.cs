namespace Temporalio.Exceptions;

/// <summary>Values that accompany a failure.</summary>
public interface IFailureDetails
{
    int Count { get; }

    T ElementAt<T>(int index);
}
