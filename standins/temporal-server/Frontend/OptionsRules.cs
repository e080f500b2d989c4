using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Workflow.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>Which options of a run may be changed: its priority; nothing here is routed by version.</summary>
internal static class OptionsRules
{
    /// <summary>Refuses options that this server does not have.</summary>
    public static void Check(WorkflowExecutionOptions? options, FieldMask? mask)
    {
        if (mask is null)
        {
            throw ApiErrors.Invalid("UpdateMask is required");
        }

        if (options is null)
        {
            throw ApiErrors.Invalid("WorkflowExecutionOptions is required");
        }

        foreach (var path in mask.Paths)
        {
            var field = path.Split('.')[0].Replace("_", "", StringComparison.Ordinal);
            if (field.Equals("versioningOverride", StringComparison.OrdinalIgnoreCase) || field.Equals("timeSkippingConfig", StringComparison.OrdinalIgnoreCase))
            {
                throw ApiErrors.Unimplemented($"This server does not change the option {path} of a workflow.");
            }

            if (!field.Equals("priority", StringComparison.OrdinalIgnoreCase))
            {
                throw ApiErrors.Invalid($"error parsing UpdateMask: invalid path {path}");
            }
        }
    }
}
