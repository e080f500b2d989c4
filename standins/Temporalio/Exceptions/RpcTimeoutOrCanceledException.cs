namespace Temporalio.Exceptions;

/// <summary>A call ran out of time or was cancelled by the caller.</summary>
public class RpcTimeoutOrCanceledException(string message, Exception? inner) : TemporalException(message, inner);
