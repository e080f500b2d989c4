namespace Temporalio.Exceptions;

/// <summary>A call to the server failed.</summary>
public class RpcException : TemporalException
{
    public RpcException(StatusCode code, string message, byte[]? rawStatus)
        : base(message)
    {
        Code = code;
        RawStatus = rawStatus;
    }

    /// <summary>gRPC status codes.</summary>
    public enum StatusCode
    {
        OK = 0,
        Cancelled = 1,
        Unknown = 2,
        InvalidArgument = 3,
        DeadlineExceeded = 4,
        NotFound = 5,
        AlreadyExists = 6,
        PermissionDenied = 7,
        Unauthenticated = 16,
        ResourceExhausted = 8,
        FailedPrecondition = 9,
        Aborted = 10,
        OutOfRange = 11,
        Unimplemented = 12,
        Internal = 13,
        Unavailable = 14,
        DataLoss = 15,
    }

    public StatusCode Code { get; private init; }

    /// <summary>The serialised google.rpc.Status, when the server sent one.</summary>
    public byte[]? RawStatus { get; private init; }

    // Of two operations asked for together: the one that was refused, rather than the one that was not tried because of it.
    internal RpcException Cause()
    {
        var refused = Detail<Api.ErrorDetails.V1.MultiOperationExecutionFailure>()?.Statuses.FirstOrDefault(
            status => status.Code != (int)StatusCode.OK && !status.Details.Any(detail => detail.Is(Api.Failure.V1.MultiOperationExecutionAborted.Descriptor)));
        return refused is null
            ? this
            : new((StatusCode)refused.Code, refused.Message, new Google.Rpc.Status { Code = refused.Code, Message = refused.Message, Details = { refused.Details } }.ToByteArray());
    }

    internal T? Detail<T>()
        where T : class, IMessage<T>, new()
    {
        var descriptor = new T().Descriptor;
        return RawStatus is null ? null : Google.Rpc.Status.Parser.ParseFrom(RawStatus).Details.FirstOrDefault(detail => detail.Is(descriptor))?.Unpack<T>();
    }
}
