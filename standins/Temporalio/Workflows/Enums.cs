namespace Temporalio.Workflows;

/// <summary>What cancelling does to an activity.</summary>
public enum ActivityCancellationType
{
    TryCancel = 0,
    WaitCancellationCompleted = 1,
    Abandon = 2,
}

/// <summary>What cancelling does to a child workflow.</summary>
public enum ChildWorkflowCancellationType
{
    Abandon = 0,
    TryCancel = 1,
    WaitCancellationCompleted = 2,
    WaitCancellationRequested = 3,
}

/// <summary>What becomes of a child when its parent closes.</summary>
public enum ParentClosePolicy
{
    None = 0,
    Terminate = 1,
    Abandon = 2,
    RequestCancel = 3,
}

/// <summary>What happens when a workflow ends while a handler still runs.</summary>
public enum HandlerUnfinishedPolicy
{
    WarnAndAbandon,
    Abandon,
}

/// <summary>Why the server suggests to continue as new.</summary>
public enum SuggestContinueAsNewReason
{
    Unspecified = Api.Enums.V1.SuggestContinueAsNewReason.Unspecified,
    HistorySizeTooLarge = Api.Enums.V1.SuggestContinueAsNewReason.HistorySizeTooLarge,
    TooManyHistoryEvents = Api.Enums.V1.SuggestContinueAsNewReason.TooManyHistoryEvents,
    TooManyUpdates = Api.Enums.V1.SuggestContinueAsNewReason.TooManyUpdates,
}
