-- Lets the pinion turn one way only. Part 3 of 10.

minetest.register_craftitem("clockwork_ratchet:ratchet", {
	description = "Ratchet",
	inventory_image = "clockwork_ratchet.png",
	groups = { clockwork = 1 },
})

minetest.register_craft({
	output = "clockwork_ratchet:ratchet",
	recipe = { { "clockwork_pinion:pinion", "default:steel_ingot" } },
})

minetest.log("action", "[clockwork_ratchet] part 3 of 10")
