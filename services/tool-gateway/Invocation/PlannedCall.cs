using Mainstay.ToolGateway.Connectors;
using Mainstay.ToolGateway.Permissions;

namespace Mainstay.ToolGateway.Invocation;

/// <summary>A call with all that is needed to make it.</summary>
/// <param name="Invocation">What is asked.</param>
/// <param name="Connector">Who is to answer.</param>
/// <param name="Policy">The rules that hold.</param>
/// <param name="MayHaveBeenCalled">Whether a gateway that died may have made it already.</param>
internal sealed record PlannedCall(ToolInvocation Invocation, Connector Connector, Policy Policy, bool MayHaveBeenCalled = false);
