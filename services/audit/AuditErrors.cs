using Grpc.Core;
using Mainstay.Audit.V1;
using Mainstay.ServiceDefaults.Errors;

namespace Mainstay.Audit;

/// <summary>Every refusal of the audit trail.</summary>
internal static class AuditErrors
{
    public static RpcException EventNotFound(string eventId) => ServiceError.Create(
        StatusCode.NotFound,
        AuditErrorReason.EventNotFound,
        $"The trail holds no event '{eventId}'. It may not have arrived yet; find events with SearchEvents.",
        ("event_id", eventId));

    public static RpcException FieldInvalid(string field, string description) => ServiceError.InvalidArgument(
        AuditErrorReason.FieldInvalid, $"{field}: {description}.", (field, description));

    public static RpcException ScopeMissing(string scope) => ServiceError.Create(
        StatusCode.PermissionDenied,
        AuditErrorReason.ScopeMissing,
        $"This needs the scope '{scope}' or the role 'admin', and the token holds neither.",
        ("scope", scope));

    public static RpcException SinkNotFound(string name, IEnumerable<string> names) => ServiceError.Create(
        StatusCode.NotFound,
        AuditErrorReason.SinkNotFound,
        $"There is no sink '{name}'. The configuration has {(string.Join(", ", names) is { Length: > 0 } known ? known : "none")}.",
        ("name", name));

    public static RpcException RoleMissing(string role) => ServiceError.Create(
        StatusCode.PermissionDenied,
        AuditErrorReason.RoleMissing,
        $"This needs the role '{role}', and the token does not hold it.",
        ("role", role));

    // What is wrong with an event may quote it, and goes out in a header.
    public static RpcException EventInvalid(string field, string description) => ServiceError.InvalidArgument(
        AuditErrorReason.EventInvalid, $"{field} cannot be stored: {Recording.DeadLetter.Presentable(description)}", (field, Recording.DeadLetter.Presentable(description)));

    public static RpcException EventIdTaken(string eventId) => ServiceError.Create(
        StatusCode.AlreadyExists,
        AuditErrorReason.EventIdTaken,
        $"The id '{eventId}' belongs to an event with other content. Give the event an id of its own.",
        ("event_id", eventId));

    public static RpcException DeadLetterNotFound(long deadLetterId) => ServiceError.Create(
        StatusCode.NotFound, AuditErrorReason.DeadLetterNotFound, $"There is no dead letter {deadLetterId}. List them with ListDeadLetters.", ("dead_letter_id", $"{deadLetterId}"));

    public static RpcException DeadLetterResolved(long deadLetterId) => ServiceError.Create(
        StatusCode.FailedPrecondition,
        AuditErrorReason.DeadLetterResolved,
        $"The dead letter {deadLetterId} has been replayed already; its event_id says what it became.",
        ("dead_letter_id", $"{deadLetterId}"));
}
