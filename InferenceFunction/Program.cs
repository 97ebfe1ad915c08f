using Keda.Inference.InferenceFunction.Hosting;

return CommandLine.MeansServe(args) ? await WorkerHost.RunAsync(args) : await CommandLine.RunAsync(args);
