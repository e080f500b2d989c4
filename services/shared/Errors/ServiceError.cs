using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Enum = System.Enum;

namespace Mainstay.ServiceDefaults.Errors;

/// <summary>Makes the errors that callers see: a gRPC code, a reason of the context's enum and a message that says what to do (AIP-193).</summary>
public static class ServiceError
{
    /// <summary>An error with a reason.</summary>
    public static RpcException Create(StatusCode code, Enum reason, string message, params (string Key, string Value)[] metadata) =>
        Status(code, reason, message, metadata).ToRpcException();

    /// <summary>INVALID_ARGUMENT with the fields that are not valid, named as in the request's proto.</summary>
    public static RpcException InvalidArgument(Enum reason, string message, params (string Field, string Description)[] violations)
    {
        var status = Status(StatusCode.InvalidArgument, reason, message, []);
        status.Details.Add(Any.Pack(new BadRequest
        {
            FieldViolations = { violations.Select(violation => new BadRequest.Types.FieldViolation { Field = violation.Field, Description = violation.Description }) },
        }));
        return status.ToRpcException();
    }

    private static Google.Rpc.Status Status(StatusCode code, Enum reason, string message, (string Key, string Value)[] metadata)
    {
        var info = new ErrorInfo { Type = OriginalName(reason), Domain = Domain(reason) };
        foreach (var (key, value) in metadata)
        {
            info.Metadata[key] = value;
        }

        return new Google.Rpc.Status { Code = (int)code, Message = message, Details = { Any.Pack(info) } };
    }

    private static string OriginalName(Enum reason) =>
        reason.GetType().GetField(reason.ToString())?.GetCustomAttributes(typeof(OriginalNameAttribute), false) is [OriginalNameAttribute original]
            ? original.Name
            : reason.ToString();

    // Mainstay.Skills.V1.SkillErrorReason is of the domain skills.mainstay.
    private static string Domain(Enum reason) => $"{reason.GetType().Namespace!.Split('.')[1].ToLowerInvariant()}.mainstay";
}
