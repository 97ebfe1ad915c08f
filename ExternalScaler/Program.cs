using Keda.Inference.ExternalScaler.Hosting;
using Microsoft.Extensions.Options;

try
{
    await using var app = ScalerHost.Build(args);
    await app.RunAsync();
    return 0;
}
catch (OptionsValidationException wrong)
{
    foreach (var failure in wrong.Failures)
        Console.Error.WriteLine(failure);
    return 2;
}
catch (IOException taken) when (taken.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
{
    Console.Error.WriteLine($"{taken.Message} Choose others with --Scaler:GrpcPort and --Scaler:HttpPort.");
    return 1;
}
