namespace Temporalio.Common;

/// <summary>How a workflow moves to a new worker deployment version.</summary>
public enum VersioningBehavior
{
    Unspecified = Api.Enums.V1.VersioningBehavior.Unspecified,
    Pinned = Api.Enums.V1.VersioningBehavior.Pinned,
    AutoUpgrade = Api.Enums.V1.VersioningBehavior.AutoUpgrade,
}
